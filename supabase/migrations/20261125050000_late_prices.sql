-- Twilio may name the price of a text days later.

alter table public.workspace_twilio_config
  -- When the list of sent texts is next read further back.
  add column wide_reconcile_due_at timestamptz not null default now();
