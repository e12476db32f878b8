-- What became of every earlier round of a text is kept, with the SID that the carrier gave it.

create table public.message_attempts (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  message_id uuid not null,
  round integer not null check (round > 0),
  twilio_sid text,
  from_number text,
  status text not null,
  error_code integer,
  error_message text,
  -- The first and the last moment of the round.
  since timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, message_id, round),
  foreign key (workspace_id, message_id)
    references public.messages (workspace_id, id) on delete cascade
);

create index message_attempts_sid_idx on public.message_attempts (workspace_id, twilio_sid)
  where twilio_sid is not null;

create trigger message_attempts_updated_at before update on public.message_attempts
  for each row execute function private.set_updated_at();
create trigger message_attempts_keep_workspace before update on public.message_attempts
  for each row execute function private.keep_workspace();

alter table public.message_attempts enable row level security;
revoke all on public.message_attempts from public, anon, authenticated;
grant select on public.message_attempts to authenticated;
grant all on public.message_attempts to service_role;

create policy "members read their messages' attempts" on public.message_attempts
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));

-- Begins a new round of a failed text: the old one is put away whole, in the same
-- statement, so that a late report of its SID can't touch the new one. False when
-- the text is not one that failed.
create function private.begin_round(ws uuid, message uuid) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  if not private.caller_belongs_to(ws) then
    raise exception 'not a member of this workspace' using errcode = '42501';
  end if;
  perform from public.messages
  where workspace_id = ws and id = message and direction = 'outbound'
    and status in ('failed', 'undelivered')
  for update;
  if not found then
    return false;
  end if;
  insert into public.message_attempts (
    workspace_id, message_id, round, twilio_sid, from_number, status, error_code, error_message, since
  )
  select workspace_id, id, round, twilio_sid, from_number, status, error_code, error_message, round_since
  from public.messages where workspace_id = ws and id = message;
  update public.messages
  set status = 'pending', round = round + 1, round_since = now(), twilio_sid = null,
    error_code = null, error_message = null, send_after = null,
    num_segments = null, price = null, sending_since = null
  where workspace_id = ws and id = message;
  return true;
end
$$;
revoke execute on function private.begin_round(uuid, uuid) from public, anon, authenticated;
grant execute on function private.begin_round(uuid, uuid) to authenticated, service_role;
