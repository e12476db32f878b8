-- A person belongs to a workspace exactly while a row here says so.

create table public.workspace_members (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role text not null default 'agent' check (role in ('owner', 'admin', 'agent')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, user_id)
);

create index workspace_members_user_id_idx on public.workspace_members (user_id, workspace_id);

create function private.my_workspaces() returns setof uuid
language sql stable security definer set search_path = ''
as $$
  select workspace_id from public.workspace_members where user_id = auth.uid()
$$;

create function private.my_admin_workspaces() returns setof uuid
language sql stable security definer set search_path = ''
as $$
  select workspace_id from public.workspace_members
  where user_id = auth.uid() and role in ('owner', 'admin')
$$;

create function private.my_owned_workspaces() returns setof uuid
language sql stable security definer set search_path = ''
as $$
  select workspace_id from public.workspace_members
  where user_id = auth.uid() and role = 'owner'
$$;

create function private.my_role(ws uuid) returns text
language sql stable security definer set search_path = ''
as $$
  select role from public.workspace_members where workspace_id = ws and user_id = auth.uid()
$$;

-- True for the server's own work; for a request, only a member passes. The
-- role setting is read because a token without a subject has no auth.uid().
create function private.caller_belongs_to(ws uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
  select case
    when auth.uid() is null
      then coalesce(current_setting('role', true), 'none') not in ('anon', 'authenticated')
    else exists (
      select from public.workspace_members where workspace_id = ws and user_id = auth.uid()
    )
  end
$$;

-- A workspace always has an owner. The workspace row is locked, so that two
-- owners leaving at once can't both pass.
create function private.keep_an_owner() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  perform from public.workspaces where id = old.workspace_id for update;
  if found and not exists (
    select from public.workspace_members
    where workspace_id = old.workspace_id and role = 'owner'
  ) then
    raise exception 'a workspace keeps at least one owner' using errcode = '23514';
  end if;
  return null;
end
$$;

-- The only way in without an invitation: the one who creates it owns it.
create function private.create_workspace(new_id uuid, new_name text) returns uuid
language plpgsql security definer set search_path = ''
as $$
begin
  if auth.uid() is null then
    raise exception 'sign in first' using errcode = '42501';
  end if;
  insert into public.workspaces (id, name) values (new_id, new_name);
  insert into public.workspace_members (workspace_id, user_id, role)
  values (new_id, auth.uid(), 'owner');
  return new_id;
end
$$;

revoke execute on function
  private.my_workspaces(), private.my_admin_workspaces(), private.my_owned_workspaces(),
  private.my_role(uuid), private.caller_belongs_to(uuid), private.keep_an_owner(),
  private.create_workspace(uuid, text)
from public, anon, authenticated;
grant execute on function
  private.my_workspaces(), private.my_admin_workspaces(), private.my_owned_workspaces(),
  private.my_role(uuid), private.create_workspace(uuid, text)
to authenticated, service_role;

create trigger workspace_members_updated_at before update on public.workspace_members
  for each row execute function private.set_updated_at();
create trigger workspace_members_keep_workspace before update on public.workspace_members
  for each row execute function private.keep_workspace();
create trigger workspace_members_keep_an_owner after update or delete on public.workspace_members
  for each row when (old.role = 'owner') execute function private.keep_an_owner();

alter table public.workspace_members enable row level security;
revoke all on public.workspace_members from public, anon, authenticated;
grant select, update (role), delete on public.workspace_members to authenticated;
grant all on public.workspace_members to service_role;

create policy "members read their fellow members" on public.workspace_members
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
create policy "admins change roles below owner" on public.workspace_members
  for update to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())) and role <> 'owner')
  with check (workspace_id = any (array(select private.my_admin_workspaces())) and role <> 'owner');
create policy "owners change every role" on public.workspace_members
  for update to authenticated
  using (workspace_id = any (array(select private.my_owned_workspaces())))
  with check (workspace_id = any (array(select private.my_owned_workspaces())));
create policy "admins remove members below owner" on public.workspace_members
  for delete to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())) and role <> 'owner');
create policy "owners remove members" on public.workspace_members
  for delete to authenticated
  using (workspace_id = any (array(select private.my_owned_workspaces())));

create policy "members read their workspaces" on public.workspaces
  for select to authenticated
  using (id = any (array(select private.my_workspaces())));
create policy "admins rename their workspaces" on public.workspaces
  for update to authenticated
  using (id = any (array(select private.my_admin_workspaces())))
  with check (id = any (array(select private.my_admin_workspaces())));
