-- A message carries up to ten files, each kept in our own private store.

create table public.message_media (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  message_id uuid not null,
  position smallint not null check (position between 0 and 9),
  content_type text,
  file_name text check (length(file_name) <= 255),
  size_bytes bigint check (size_bytes >= 0),
  width integer check (width > 0),
  height integer check (height > 0),
  storage_path text check (starts_with(storage_path, workspace_id::text || '/')),
  source_url text,
  state text not null default 'pending' check (state in ('pending', 'stored', 'failed')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, message_id, position),
  foreign key (workspace_id, message_id)
    references public.messages (workspace_id, id) on delete cascade
);

create index message_media_pending_idx on public.message_media (created_at) where state = 'pending';

create trigger message_media_updated_at before update on public.message_media
  for each row execute function private.set_updated_at();
create trigger message_media_keep_workspace before update on public.message_media
  for each row execute function private.keep_workspace();

alter table public.message_media enable row level security;
revoke all on public.message_media from public, anon, authenticated;
-- source_url is fetched by the server, so no member writes it.
grant
  select,
  insert (
    id, workspace_id, message_id, position, content_type, file_name, size_bytes, width, height,
    storage_path, state
  )
  on public.message_media to authenticated;
grant all on public.message_media to service_role;

create policy "members read their media" on public.message_media
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
create policy "members attach files to a message they are sending" on public.message_media
  for insert to authenticated
  with check (
    workspace_id = any (array(select private.my_workspaces()))
    and exists (
      select from public.messages m
      where m.workspace_id = message_media.workspace_id and m.id = message_media.message_id
        and m.direction = 'outbound' and m.status = 'pending'
        and m.created_by = (select auth.uid())
    )
  );

-- Where Supabase Storage exists: one private bucket, paths start with the workspace.
do $$
begin
  if to_regclass('storage.buckets') is not null then
    insert into storage.buckets (id, name, public)
    values ('livechat-media', 'livechat-media', false)
    on conflict (id) do nothing;
    create policy "members read their media files" on storage.objects
      for select to authenticated
      using (
        bucket_id = 'livechat-media'
        and (storage.foldername(name))[1] = any (array(
          select w::text from private.my_workspaces() as w
        ))
      );
  end if;
end
$$;
