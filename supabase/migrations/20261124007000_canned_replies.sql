-- A canned reply is a text that a workspace's agents keep ready under one shortcut.

create table public.canned_replies (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  -- In lower case, so that no two differ only by it.
  shortcut text not null
    check (length(shortcut) between 1 and 40 and shortcut = lower(shortcut) and shortcut !~ '\s'),
  content text not null check (length(content) between 1 and 1600),
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, shortcut)
);

create index canned_replies_created_by_idx on public.canned_replies (created_by);

create trigger canned_replies_updated_at before update on public.canned_replies
  for each row execute function private.set_updated_at();
create trigger canned_replies_keep_workspace before update on public.canned_replies
  for each row execute function private.keep_workspace();

alter table public.canned_replies enable row level security;
revoke all on public.canned_replies from public, anon, authenticated;
grant
  select, delete,
  insert (id, workspace_id, shortcut, content, created_by),
  update (shortcut, content)
  on public.canned_replies to authenticated;
grant all on public.canned_replies to service_role;

create policy "members read their canned replies" on public.canned_replies
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
create policy "members add canned replies in their own name" on public.canned_replies
  for insert to authenticated
  with check (
    workspace_id = any (array(select private.my_workspaces())) and created_by = (select auth.uid())
  );
create policy "members change their canned replies" on public.canned_replies
  for update to authenticated
  using (workspace_id = any (array(select private.my_workspaces())))
  with check (workspace_id = any (array(select private.my_workspaces())));
create policy "members remove their canned replies" on public.canned_replies
  for delete to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
