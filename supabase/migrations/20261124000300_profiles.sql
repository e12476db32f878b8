-- A person is known by name to the people they share a workspace with.

create table public.profiles (
  user_id uuid primary key references auth.users (id) on delete cascade,
  display_name text check (length(display_name) <= 200),
  avatar_url text check (length(avatar_url) <= 2000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create trigger profiles_updated_at before update on public.profiles
  for each row execute function private.set_updated_at();

alter table public.profiles enable row level security;
revoke all on public.profiles from public, anon, authenticated;
grant select, insert (user_id, display_name, avatar_url), update (display_name, avatar_url)
  on public.profiles to authenticated;
grant all on public.profiles to service_role;

create policy "people read their own profile and their fellow members'" on public.profiles
  for select to authenticated
  using (
    user_id = (select auth.uid())
    or user_id = any (array(
      select m.user_id from public.workspace_members m
      where m.workspace_id = any (array(select private.my_workspaces()))
    ))
  );
create policy "people create their own profile" on public.profiles
  for insert to authenticated with check (user_id = (select auth.uid()));
create policy "people update their own profile" on public.profiles
  for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
