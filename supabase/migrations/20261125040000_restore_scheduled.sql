-- A scheduled text that was called off by mistake is scheduled again, and an earlier
-- round keeps when it left and what it cost.

alter table public.message_attempts
  -- When it was handed to the carrier; null when it never was.
  add column sending_since timestamptz,
  add column num_segments integer check (num_segments >= 0),
  add column price numeric(12, 6),
  add column price_unit text check (price_unit ~ '^[A-Z]{3}$');

-- Puts the round away that a text is in, whole.
create function private.keep_round(ws uuid, message uuid) returns void
language sql security definer set search_path = ''
as $$
  insert into public.message_attempts (
    workspace_id, message_id, round, twilio_sid, from_number, status, error_code, error_message,
    since, sending_since, num_segments, price, price_unit
  )
  select workspace_id, id, round, twilio_sid, from_number, status, error_code, error_message,
    round_since, sending_since, num_segments, price, price_unit
  from public.messages where workspace_id = ws and id = message
$$;
revoke execute on function private.keep_round(uuid, uuid) from public, anon, authenticated;

create or replace function private.begin_round(ws uuid, message uuid) returns boolean
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
  perform private.keep_round(ws, message);
  update public.messages
  set status = 'pending', round = round + 1, round_since = now(), twilio_sid = null,
    error_code = null, error_message = null, send_after = null,
    num_segments = null, price = null, price_unit = null, sending_since = null
  where workspace_id = ws and id = message;
  return true;
end
$$;

-- Schedules a text again that was called off before its time. False when it is none
-- of those: it may have left, the carrier or an opt-out ended it, or its time is over.
create function private.restore_scheduled(ws uuid, message uuid) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  if not private.caller_belongs_to(ws) then
    raise exception 'not a member of this workspace' using errcode = '42501';
  end if;
  perform from public.messages
  where workspace_id = ws and id = message and direction = 'outbound'
    and status = 'canceled' and error_code is null and twilio_sid is null and not may_have_left
    and scheduled_for > now()
  for update;
  if not found then
    return false;
  end if;
  perform private.keep_round(ws, message);
  update public.messages
  set status = 'scheduled', round = round + 1, round_since = now(), error_message = null
  where workspace_id = ws and id = message;
  return true;
end
$$;
revoke execute on function private.restore_scheduled(uuid, uuid) from public, anon, authenticated;
grant execute on function private.restore_scheduled(uuid, uuid) to authenticated, service_role;

create or replace function private.guard_message_status() returns trigger
language plpgsql set search_path = ''
as $$
declare
  old_rank smallint := private.message_status_rank(old.status);
  new_rank smallint := private.message_status_rank(new.status);
begin
  -- A person asked for a new round; what became of the old one is in message_attempts.
  if new.round = old.round + 1 and new.twilio_sid is null and (
    (old.status in ('failed', 'undelivered') and new.status = 'pending')
    or (
      old.status = 'canceled' and old.error_code is null and not old.may_have_left
      and new.status = 'scheduled'
    )
  ) then
    return new;
  end if;
  if new.round <> old.round then
    raise exception 'a new round begins only after a failure' using errcode = '23514';
  end if;
  if new.status is distinct from old.status and new_rank <= old_rank and not (
    -- A person decided to send again what may not have arrived.
    (old.status = 'unconfirmed' and new.status = 'pending')
    -- The carrier provably did not take this attempt.
    or (old.status = 'sending' and new.status = 'pending' and new.attempt = old.attempt)
  ) then
    raise exception 'a message that is % does not become %', old.status, new.status
      using errcode = '23514';
  end if;
  -- 5 is the rank of every final status.
  if old_rank = 5 and old.error_code is not null and new.error_code is null then
    raise exception 'the error of a finished message is not erased' using errcode = '23514';
  end if;
  return new;
end
$$;
