-- Whatever changes a conversation's state leaves a line in it: who did what, and when.

create table public.conversation_activities (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  contact_id uuid not null,
  kind text not null check (kind in (
    'status', 'snoozed', 'woke', 'assigned', 'unassigned', 'blocked', 'unblocked',
    'opted_out', 'opted_in', 'tagged', 'untagged'
  )),
  -- Null for the customer's own doing and for what came by itself.
  actor_id uuid references auth.users (id) on delete set null,
  actor_name text,
  detail jsonb not null default '{}',
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  foreign key (workspace_id, contact_id)
    references public.contacts (workspace_id, id) on delete cascade
);

create index conversation_activities_thread_idx
  on public.conversation_activities (workspace_id, contact_id, created_at desc, id desc);

create trigger conversation_activities_keep_workspace
  before update on public.conversation_activities
  for each row execute function private.keep_workspace();

alter table public.conversation_activities enable row level security;
revoke all on public.conversation_activities from public, anon, authenticated;
grant select on public.conversation_activities to authenticated;
grant all on public.conversation_activities to service_role;

create policy "members read what happened" on public.conversation_activities
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
