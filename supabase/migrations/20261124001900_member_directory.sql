-- Members know each other by name and address; nobody else learns either, as
-- the accounts themselves stay out of every member's reach.

create function private.name_person(id uuid) returns text
language sql stable security definer set search_path = ''
as $$
  select coalesce(
    nullif(btrim(p.display_name), ''),
    nullif(left(btrim(u.raw_user_meta_data ->> 'display_name'), 200), ''),
    split_part(u.email, '@', 1)
  )
  from auth.users u
  left join public.profiles p on p.user_id = u.id
  where u.id = name_person.id
$$;

create function private.list_members(ws uuid)
returns table (user_id uuid, display_name text, email text, role text)
language sql stable security definer set search_path = ''
as $$
  select m.user_id, private.name_person(m.user_id), u.email::text, m.role
  from public.workspace_members m
  join auth.users u on u.id = m.user_id
  where m.workspace_id = ws and ws = any (array(select private.my_workspaces()))
  order by m.created_at, m.user_id
$$;

create function private.my_name() returns text
language sql stable security definer set search_path = ''
as $$
  select private.name_person(auth.uid())
$$;

-- Whoever sets an installation up must find nobody there before them.
create function private.has_workspaces() returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (select from public.workspaces)
$$;

revoke execute on function
  private.name_person(uuid), private.list_members(uuid), private.my_name(),
  private.has_workspaces()
from public, anon, authenticated;
grant execute on function
  private.list_members(uuid), private.my_name(), private.has_workspaces()
to authenticated;
