-- Every signed webhook is kept as it came, and an inbound text is accepted once.

create table public.webhook_receipts (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  kind text not null check (kind in ('inbound', 'status')),
  account_sid text,
  message_sid text,
  body bytea not null,
  headers jsonb not null default '{}',
  outcome text not null check (outcome in ('accepted', 'duplicate', 'quarantined', 'rejected')),
  reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- SIDs are Twilio's and unique everywhere; only the server writes here.
create unique index webhook_receipts_inbound_once
  on public.webhook_receipts (workspace_id, account_sid, message_sid)
  where kind = 'inbound' and outcome = 'accepted';
create index webhook_receipts_workspace_idx
  on public.webhook_receipts (workspace_id, created_at desc);

create trigger webhook_receipts_updated_at before update on public.webhook_receipts
  for each row execute function private.set_updated_at();
create trigger webhook_receipts_keep_workspace before update on public.webhook_receipts
  for each row execute function private.keep_workspace();

alter table public.webhook_receipts enable row level security;
revoke all on public.webhook_receipts from public, anon, authenticated;
grant select on public.webhook_receipts to authenticated;
grant all on public.webhook_receipts to service_role;

create policy "admins read their webhook receipts" on public.webhook_receipts
  for select to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())));
