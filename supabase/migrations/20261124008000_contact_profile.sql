-- A contact has a profile that people keep, with the fields that a workspace's admins define.

alter table public.contacts
  add column company text check (length(company) <= 200),
  add column time_zone text check (length(time_zone) <= 64),
  add column language text check (length(language) <= 35),
  add column about text check (length(about) <= 5000),
  -- Values by the id of their field; a value of an archived field stays for its return.
  add column custom_fields jsonb not null default '{}'
    check (jsonb_typeof(custom_fields) = 'object' and length(custom_fields::text) <= 40000);

grant
  insert (company, time_zone, language, about, custom_fields),
  update (company, time_zone, language, about, custom_fields)
  on public.contacts to authenticated;

create table public.contact_fields (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  label text not null check (length(btrim(label)) between 1 and 60),
  kind text not null check (kind in ('text', 'number', 'date', 'choice')),
  choices text[] not null default '{}'
    check (cardinality(choices) <= 50 and (kind = 'choice') = (cardinality(choices) > 0)),
  position integer not null default 0,
  -- Archived rather than deleted: what people wrote into it is not lost to a slip.
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id)
);

create unique index contact_fields_label_key
  on public.contact_fields (workspace_id, lower(label)) where archived_at is null;

create trigger contact_fields_updated_at before update on public.contact_fields
  for each row execute function private.set_updated_at();
create trigger contact_fields_keep_workspace before update on public.contact_fields
  for each row execute function private.keep_workspace();

alter table public.contact_fields enable row level security;
revoke all on public.contact_fields from public, anon, authenticated;
grant
  select,
  insert (id, workspace_id, label, kind, choices, position),
  update (label, choices, position, archived_at)
  on public.contact_fields to authenticated;
grant all on public.contact_fields to service_role;

create policy "members read their contact fields" on public.contact_fields
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
create policy "admins add contact fields" on public.contact_fields
  for insert to authenticated
  with check (workspace_id = any (array(select private.my_admin_workspaces())));
create policy "admins change contact fields" on public.contact_fields
  for update to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())))
  with check (workspace_id = any (array(select private.my_admin_workspaces())));
