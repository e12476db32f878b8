-- Every status Twilio reported is kept once, even before we know the message.

create table public.message_status_events (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  message_id uuid,
  account_sid text not null,
  message_sid text not null,
  status text not null,
  error_code integer,
  error_message text,
  payload jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, account_sid, message_sid, status),
  foreign key (workspace_id, message_id)
    references public.messages (workspace_id, id) on delete cascade
);

create index message_status_events_message_idx
  on public.message_status_events (workspace_id, message_id, created_at);
create index message_status_events_sid_idx
  on public.message_status_events (workspace_id, message_sid);

create trigger message_status_events_updated_at before update on public.message_status_events
  for each row execute function private.set_updated_at();
create trigger message_status_events_keep_workspace before update on public.message_status_events
  for each row execute function private.keep_workspace();

alter table public.message_status_events enable row level security;
revoke all on public.message_status_events from public, anon, authenticated;
grant select on public.message_status_events to authenticated;
grant all on public.message_status_events to service_role;

create policy "members read their messages' history" on public.message_status_events
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
