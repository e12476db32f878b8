-- A message is one text to or from one contact, and Twilio's SID names it once.

-- How far a message has come. A status only ever replaces one of lower rank.
create function private.message_status_rank(status text) returns smallint
language sql immutable parallel safe set search_path = ''
as $$
  select (case status
    when 'pending' then 0
    when 'sending' then 1
    when 'unconfirmed' then 2
    when 'queued' then 3
    when 'sent' then 4
    when 'delivered' then 5
    when 'undelivered' then 5
    when 'failed' then 5
    when 'canceled' then 5
    when 'received' then 5
  end)::smallint
$$;
revoke execute on function private.message_status_rank(text) from public, anon;
-- The generated column runs as whoever writes the row.
grant execute on function private.message_status_rank(text) to authenticated, service_role;

create table public.messages (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  contact_id uuid not null,
  direction text not null check (direction in ('inbound', 'outbound')),
  content text not null,
  message_type text not null default 'text',
  sentiment float check (sentiment >= -1 and sentiment <= 1),
  twilio_sid text,
  status text not null default 'pending' check (status in (
    'pending', 'sending', 'unconfirmed', 'queued', 'sent',
    'delivered', 'undelivered', 'failed', 'canceled', 'received'
  )),
  status_rank smallint not null
    generated always as (private.message_status_rank(status)) stored,
  error_code integer,
  error_message text,
  from_number text,
  to_number text,
  num_segments integer check (num_segments >= 0),
  price numeric(12, 6),
  attempt integer not null default 0 check (attempt >= 0),
  sending_since timestamptz,
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((direction = 'inbound') = (status = 'received')),
  unique (workspace_id, twilio_sid),
  unique (workspace_id, id),
  foreign key (workspace_id, contact_id)
    references public.contacts (workspace_id, id) on delete cascade
);

create index messages_thread_idx
  on public.messages (workspace_id, contact_id, created_at desc, id desc);
create index messages_workspace_idx on public.messages (workspace_id, created_at desc, id desc);
create index messages_twilio_sid_idx on public.messages (twilio_sid) where twilio_sid is not null;
create index messages_unsettled_idx on public.messages (status, created_at)
  where status in ('pending', 'sending', 'unconfirmed');

create trigger messages_updated_at before update on public.messages
  for each row execute function private.set_updated_at();
create trigger messages_keep_workspace before update on public.messages
  for each row execute function private.keep_workspace();

alter table public.messages enable row level security;
revoke all on public.messages from public, anon, authenticated;
grant
  select,
  insert (
    id, workspace_id, contact_id, direction, content, message_type, status,
    from_number, to_number, created_by
  ),
  update (status)
  on public.messages to authenticated;
grant all on public.messages to service_role;

create policy "members read their messages" on public.messages
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
create policy "members send in their own name" on public.messages
  for insert to authenticated
  with check (
    workspace_id = any (array(select private.my_workspaces()))
    and direction = 'outbound' and status = 'pending' and created_by = (select auth.uid())
  );
create policy "members settle an unconfirmed message" on public.messages
  for update to authenticated
  using (
    workspace_id = any (array(select private.my_workspaces()))
    and direction = 'outbound' and status = 'unconfirmed'
  )
  with check (
    workspace_id = any (array(select private.my_workspaces()))
    and direction = 'outbound' and status in ('pending', 'sent')
  );
