-- A workspace is one company's inbox, and only its members know it exists.

-- Helpers and secrets live in a schema that no API exposes.
create schema if not exists private;
revoke all on schema private from public, anon;
-- A member's own transaction calls a few functions here by name; what it may
-- run is granted function by function, and no table in here is granted at all.
grant usage on schema private to authenticated, service_role;
alter default privileges in schema private revoke all on tables from public, anon, authenticated;
alter default privileges in schema private revoke execute on functions from public, anon, authenticated;

create function private.set_updated_at() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end
$$;

create function private.keep_workspace() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if new.workspace_id is distinct from old.workspace_id then
    raise exception 'a row never moves to another workspace' using errcode = '42501';
  end if;
  return new;
end
$$;

revoke execute on function private.set_updated_at() from public, anon, authenticated;
revoke execute on function private.keep_workspace() from public, anon, authenticated;

create table public.workspaces (
  id uuid primary key default gen_random_uuid(),
  name text not null check (length(btrim(name)) between 1 and 200),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create trigger workspaces_updated_at before update on public.workspaces
  for each row execute function private.set_updated_at();

-- The policies follow in the next migration: they need the members.
alter table public.workspaces enable row level security;
revoke all on public.workspaces from public, anon, authenticated;
grant select, update (name) on public.workspaces to authenticated;
grant all on public.workspaces to service_role;
