-- A text may wait for its time, and until then it can be changed, called off, or called off by an answer.

create or replace function private.message_status_rank(status text) returns smallint
language sql immutable parallel safe set search_path = ''
as $$
  select (case status
    when 'scheduled' then -1
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

alter table public.messages drop constraint messages_status_check;
alter table public.messages add constraint messages_status_check check (status in (
  'scheduled', 'pending', 'sending', 'unconfirmed', 'queued', 'sent',
  'delivered', 'undelivered', 'failed', 'canceled', 'received'
));

alter table public.messages
  add column scheduled_for timestamptz,
  -- True: an answer of the customer's that comes first makes the text needless.
  add column cancel_on_reply boolean not null default false,
  -- Through which Messaging Service; its sender is known once Twilio has chosen it.
  add column messaging_service_sid text check (messaging_service_sid ~ '^MG[0-9a-fA-F]{32}$'),
  -- How many times a person has asked for it to be sent: a retry of a failed text is a new round.
  add column round integer not null default 1 check (round > 0),
  add column round_since timestamptz not null default now(),
  -- False while it surely never left us.
  add column may_have_left boolean not null default false,
  -- Not before this moment is the next attempt made.
  add column send_after timestamptz,
  add constraint messages_scheduled_check check (status <> 'scheduled' or scheduled_for is not null);

update public.messages set may_have_left = true
where direction = 'outbound' and (twilio_sid is not null or status = 'unconfirmed');

create index messages_scheduled_idx on public.messages (scheduled_for) where status = 'scheduled';
create index messages_contact_scheduled_idx
  on public.messages (workspace_id, contact_id, scheduled_for) where status = 'scheduled';
create index messages_pending_idx on public.messages (workspace_id, created_at, id)
  where status = 'pending';
create index messages_sending_idx on public.messages (workspace_id) where status = 'sending';
create index messages_landline_idx on public.messages (workspace_id, contact_id, created_at)
  where error_code in (21614, 30006);

-- A scheduled text stands at its time, so that it ends the thread; when it goes
-- out, or is called off, it takes the place of that moment.
create function private.place_message() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if new.status = 'scheduled' then
    new.created_at := new.scheduled_for;
  elsif tg_op = 'UPDATE' then
    if old.status = 'scheduled' then
      new.created_at := now();
      new.round_since := now();
    end if;
  end if;
  if new.direction = 'outbound' and (new.twilio_sid is not null or new.status = 'unconfirmed') then
    new.may_have_left := true;
  end if;
  if tg_op = 'UPDATE' then
    -- Policies add up: what one allows to begin, the other must not allow to end.
    if auth.uid() is not null and (
      (new.content is distinct from old.content and old.status <> 'scheduled')
      or (old.status = 'scheduled' and new.status not in ('scheduled', 'pending', 'canceled'))
      or (old.status = 'unconfirmed' and new.status not in ('unconfirmed', 'pending', 'sent'))
    ) then
      raise exception 'a text that is % is not changed like that', old.status using errcode = '23514';
    end if;
  end if;
  return new;
end
$$;
revoke execute on function private.place_message() from public, anon, authenticated;
create trigger messages_place before insert or update on public.messages
  for each row execute function private.place_message();

create or replace function private.guard_message_status() returns trigger
language plpgsql set search_path = ''
as $$
declare
  old_rank smallint := private.message_status_rank(old.status);
  new_rank smallint := private.message_status_rank(new.status);
begin
  -- A person asked for a new round; what became of the old one is in message_attempts.
  if new.round = old.round + 1 and old.status in ('failed', 'undelivered')
    and new.status = 'pending' and new.twilio_sid is null then
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

grant
  insert (scheduled_for, cancel_on_reply, messaging_service_sid),
  update (content, scheduled_for, cancel_on_reply),
  delete
  on public.messages to authenticated;

drop policy "members send in their own name" on public.messages;
create policy "members send in their own name" on public.messages
  for insert to authenticated
  with check (
    workspace_id = any (array(select private.my_workspaces()))
    and direction = 'outbound' and status in ('pending', 'scheduled')
    and created_by = (select auth.uid())
  );
create policy "members change what is scheduled" on public.messages
  for update to authenticated
  using (
    workspace_id = any (array(select private.my_workspaces()))
    and direction = 'outbound' and status = 'scheduled'
  )
  with check (
    workspace_id = any (array(select private.my_workspaces()))
    and direction = 'outbound' and status in ('scheduled', 'pending', 'canceled')
  );
create policy "members remove what never left" on public.messages
  for delete to authenticated
  using (
    workspace_id = any (array(select private.my_workspaces()))
    and direction = 'outbound' and status in ('failed', 'canceled') and not may_have_left
  );

drop policy "members attach files to a message they are sending" on public.message_media;
create policy "members attach files to a message they are sending" on public.message_media
  for insert to authenticated
  with check (
    workspace_id = any (array(select private.my_workspaces()))
    and exists (
      select from public.messages m
      where m.workspace_id = message_media.workspace_id and m.id = message_media.message_id
        and m.direction = 'outbound' and m.status in ('pending', 'scheduled')
        and m.created_by = (select auth.uid())
    )
  );
