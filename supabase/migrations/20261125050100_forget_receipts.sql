-- What Twilio posted is kept word for word for a while only; that it came is kept for good.

create index webhook_receipts_content_idx on public.webhook_receipts (created_at)
  where body <> '';
create index message_status_events_content_idx on public.message_status_events (created_at)
  where payload ? 'MessageSid';
