-- A text's status never moves backwards, whoever writes it, and its error is never lost.

create function private.guard_message_status() returns trigger
language plpgsql set search_path = ''
as $$
declare
  old_rank smallint := private.message_status_rank(old.status);
  new_rank smallint := private.message_status_rank(new.status);
begin
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
revoke execute on function private.guard_message_status() from public, anon, authenticated;

create trigger messages_guard_status before update on public.messages
  for each row execute function private.guard_message_status();

-- The texts of one contact that wait in line, and reports that came before their text was known.
create index messages_waiting_idx on public.messages (workspace_id, contact_id, created_at, id)
  where status in ('pending', 'sending');
create index message_status_events_unbound_idx
  on public.message_status_events (created_at) where message_id is null;
