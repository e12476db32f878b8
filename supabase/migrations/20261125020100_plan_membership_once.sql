-- Every policy asks whose workspaces these are. In this language the answer's plan is kept for
-- the session, where a function in SQL is planned anew in each statement.

create or replace function private.my_workspaces() returns setof uuid
language plpgsql stable security definer set search_path = '' rows 5
as $$
begin
  return query select m.workspace_id from public.workspace_members m where m.user_id = auth.uid();
end
$$;

create or replace function private.my_role(ws uuid) returns text
language plpgsql stable security definer set search_path = ''
as $$
begin
  return (
    select m.role from public.workspace_members m
    where m.workspace_id = ws and m.user_id = auth.uid()
  );
end
$$;
