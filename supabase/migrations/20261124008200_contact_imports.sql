-- An import of contacts is remembered with what each of its rows changed, so that it can be undone.

create table public.contact_imports (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  created_by uuid references auth.users (id) on delete set null,
  file_name text not null check (length(file_name) between 1 and 255),
  created_count integer not null default 0 check (created_count >= 0),
  updated_count integer not null default 0 check (updated_count >= 0),
  unchanged_count integer not null default 0 check (unchanged_count >= 0),
  failed_count integer not null default 0 check (failed_count >= 0),
  undone_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id)
);
create index contact_imports_latest_idx on public.contact_imports (workspace_id, created_at desc);

-- Of a contact that goes, what it was before goes too.
create table public.contact_import_rows (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  import_id uuid not null,
  contact_id uuid not null,
  was_created boolean not null,
  before jsonb not null default '{}',
  after jsonb not null default '{}',
  undone_at timestamptz,
  primary key (workspace_id, import_id, contact_id),
  foreign key (workspace_id, import_id)
    references public.contact_imports (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id)
    references public.contacts (workspace_id, id) on delete cascade
);
create index contact_import_rows_contact_idx
  on public.contact_import_rows (workspace_id, contact_id);
create index contact_import_rows_left_idx
  on public.contact_import_rows (workspace_id, import_id, contact_id) where undone_at is null;

create trigger contact_imports_updated_at before update on public.contact_imports
  for each row execute function private.set_updated_at();
create trigger contact_imports_keep_workspace before update on public.contact_imports
  for each row execute function private.keep_workspace();
create trigger contact_import_rows_keep_workspace before update on public.contact_import_rows
  for each row execute function private.keep_workspace();

alter table public.contact_imports enable row level security;
alter table public.contact_import_rows enable row level security;
revoke all on public.contact_imports, public.contact_import_rows from public, anon, authenticated;
grant
  select,
  insert (id, workspace_id, created_by, file_name),
  update (created_count, updated_count, unchanged_count, failed_count, undone_at)
  on public.contact_imports to authenticated;
grant
  select,
  insert (workspace_id, import_id, contact_id, was_created, before, after),
  update (before, after, undone_at)
  on public.contact_import_rows to authenticated;
grant all on public.contact_imports, public.contact_import_rows to service_role;

create policy "admins read imports" on public.contact_imports
  for select to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())));
create policy "admins import in their own name" on public.contact_imports
  for insert to authenticated
  with check (
    workspace_id = any (array(select private.my_admin_workspaces()))
    and created_by = (select auth.uid())
  );
create policy "admins keep count of imports" on public.contact_imports
  for update to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())))
  with check (workspace_id = any (array(select private.my_admin_workspaces())));
create policy "admins read imported rows" on public.contact_import_rows
  for select to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())));
create policy "admins keep imported rows" on public.contact_import_rows
  for insert to authenticated
  with check (workspace_id = any (array(select private.my_admin_workspaces())));
create policy "admins undo imported rows" on public.contact_import_rows
  for update to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())))
  with check (workspace_id = any (array(select private.my_admin_workspaces())));
