-- A file waits here from its upload until a text carries it, or a day goes by.

create table public.media_uploads (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  created_by uuid not null references auth.users (id) on delete cascade,
  storage_path text not null
    check (storage_path = workspace_id::text || '/' || id::text),
  content_type text not null check (length(content_type) between 3 and 100),
  file_name text check (length(file_name) <= 255),
  size_bytes bigint not null check (size_bytes > 0),
  width integer check (width > 0),
  height integer check (height > 0),
  created_at timestamptz not null default now()
);

create index media_uploads_workspace_idx on public.media_uploads (workspace_id, created_at);
create index media_uploads_created_by_idx on public.media_uploads (created_by);
create index media_uploads_created_at_idx on public.media_uploads (created_at);

create trigger media_uploads_keep_workspace before update on public.media_uploads
  for each row execute function private.keep_workspace();

alter table public.media_uploads enable row level security;
revoke all on public.media_uploads from public, anon, authenticated;
grant
  select, delete,
  insert (
    id, workspace_id, created_by, storage_path, content_type, file_name, size_bytes, width, height
  )
  on public.media_uploads to authenticated;
grant all on public.media_uploads to service_role;

create policy "members see their own uploads" on public.media_uploads
  for select to authenticated
  using (
    workspace_id = any (array(select private.my_workspaces())) and created_by = (select auth.uid())
  );
create policy "members upload in their own name" on public.media_uploads
  for insert to authenticated
  with check (
    workspace_id = any (array(select private.my_workspaces())) and created_by = (select auth.uid())
  );
create policy "members take their own uploads away" on public.media_uploads
  for delete to authenticated
  using (
    workspace_id = any (array(select private.my_workspaces())) and created_by = (select auth.uid())
  );
