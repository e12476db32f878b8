-- What a text cost and what finally became of it is asked of Twilio where no report says so.

alter table public.messages
  add column price_unit text check (price_unit ~ '^[A-Z]{3}$'),
  -- When Twilio was last asked about this one text.
  add column status_checked_at timestamptz;

create index messages_unfinished_idx on public.messages (created_at)
  where direction = 'outbound' and twilio_sid is not null and status in ('queued', 'sent');
create index messages_unpriced_idx on public.messages (workspace_id, created_at)
  where direction = 'outbound' and twilio_sid is not null and price is null;

alter table public.workspace_twilio_config
  -- When Twilio's list is next read for prices and states of sent texts.
  add column reconcile_due_at timestamptz not null default now(),
  -- When the list of received texts is next read further back than the mark.
  add column wide_back_fill_due_at timestamptz not null default now();

-- Two reports that contradict each other are settled by Twilio's own record of the
-- text, and only by it: the one writer that names itself here passes the guard.
drop trigger messages_guard_status on public.messages;
create trigger messages_guard_status before update on public.messages
  for each row
  when (coalesce(current_setting('livechat.carrier_record', true), '') <> new.id::text)
  execute function private.guard_message_status();
