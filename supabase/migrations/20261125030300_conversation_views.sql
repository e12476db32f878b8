-- The team knows who of them last had a conversation before their eyes, and when.

create table public.conversation_views (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  contact_id uuid not null,
  user_id uuid not null,
  seen_at timestamptz not null default now(),
  primary key (workspace_id, contact_id, user_id),
  foreign key (workspace_id, contact_id)
    references public.contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, user_id)
    references public.workspace_members (workspace_id, user_id) on delete cascade
);

create index conversation_views_user_idx on public.conversation_views (workspace_id, user_id);
create index conversation_views_seen_idx on public.conversation_views (seen_at);

create trigger conversation_views_keep_workspace before update on public.conversation_views
  for each row execute function private.keep_workspace();

alter table public.conversation_views enable row level security;
revoke all on public.conversation_views from public, anon, authenticated;
grant select, insert (workspace_id, contact_id, user_id), update (seen_at)
  on public.conversation_views to authenticated;
grant all on public.conversation_views to service_role;

create policy "members read who saw their conversations" on public.conversation_views
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
create policy "members say what they saw themselves" on public.conversation_views
  for insert to authenticated
  with check (
    workspace_id = any (array(select private.my_workspaces())) and user_id = (select auth.uid())
  );
create policy "members say again what they saw themselves" on public.conversation_views
  for update to authenticated
  using (
    workspace_id = any (array(select private.my_workspaces())) and user_id = (select auth.uid())
  )
  with check (
    workspace_id = any (array(select private.my_workspaces())) and user_id = (select auth.uid())
  );
