-- A connection knows what Twilio said of it last, and what was changed there can be put back.

alter table public.workspace_twilio_config
  add column account_name text,
  add column account_type text check (account_type in ('Trial', 'Full')),
  add column account_status text,
  add column api_key_secret_last4 text check (length(api_key_secret_last4) <= 4),
  add column next_auth_token_last4 text check (length(next_auth_token_last4) <= 4),
  -- The Messaging Service that texts are sent through; null: straight from a number.
  add column messaging_service_sid text,
  add column problem_count integer not null default 0 check (problem_count >= 0),
  -- Differs when the last examination found something else than the one before.
  add column findings_key text,
  add column findings_changed_at timestamptz not null default now(),
  add column numbers_synced_at timestamptz,
  -- Only the server writes these.
  add column examine_due_at timestamptz not null default now(),
  add column last_webhook_at timestamptz;

grant
  insert (
    account_name, account_type, account_status, api_key_secret_last4, next_auth_token_last4,
    messaging_service_sid, problem_count, findings_key, findings_changed_at, numbers_synced_at
  ),
  update (
    account_name, account_type, account_status, api_key_secret_last4, next_auth_token_last4,
    messaging_service_sid, problem_count, findings_key, findings_changed_at, numbers_synced_at
  )
  on public.workspace_twilio_config to authenticated;

alter table public.twilio_numbers
  add column sms_method text,
  add column sms_fallback_url text,
  add column sms_application_sid text,
  add column messaging_service_sid text,
  add column last_webhook_at timestamptz;

grant
  insert (sms_method, sms_fallback_url, sms_application_sid, messaging_service_sid),
  update (sms_method, sms_fallback_url, sms_application_sid, messaging_service_sid)
  on public.twilio_numbers to authenticated;

-- The account's Messaging Services as they were read last.
create table public.twilio_services (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  service_sid text not null,
  friendly_name text not null,
  -- Null where what comes in is dropped.
  inbound_url text,
  uses_number_webhook boolean not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, service_sid)
);

create trigger twilio_services_updated_at before update on public.twilio_services
  for each row execute function private.set_updated_at();
create trigger twilio_services_keep_workspace before update on public.twilio_services
  for each row execute function private.keep_workspace();

alter table public.twilio_services enable row level security;
revoke all on public.twilio_services from public, anon, authenticated;
grant
  select,
  insert (id, workspace_id, service_sid, friendly_name, inbound_url, uses_number_webhook),
  update (friendly_name, inbound_url, uses_number_webhook),
  delete
  on public.twilio_services to authenticated;
grant all on public.twilio_services to service_role;

create policy "members read their services" on public.twilio_services
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
create policy "admins add services" on public.twilio_services
  for insert to authenticated
  with check (workspace_id = any (array(select private.my_admin_workspaces())));
create policy "admins update their services" on public.twilio_services
  for update to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())))
  with check (workspace_id = any (array(select private.my_admin_workspaces())));
create policy "admins remove their services" on public.twilio_services
  for delete to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())));

-- What we set at Twilio and what was there before, so that it can be put back.
create table public.twilio_webhook_changes (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  target text not null check (target in ('number', 'service')),
  target_sid text not null check (length(target_sid) <= 64),
  label text not null check (length(label) <= 200),
  settings_before jsonb not null,
  settings_after jsonb not null,
  created_by uuid,
  undone_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index twilio_webhook_changes_workspace_idx
  on public.twilio_webhook_changes (workspace_id, created_at desc);

create trigger twilio_webhook_changes_updated_at before update on public.twilio_webhook_changes
  for each row execute function private.set_updated_at();
create trigger twilio_webhook_changes_keep_workspace before update on public.twilio_webhook_changes
  for each row execute function private.keep_workspace();

alter table public.twilio_webhook_changes enable row level security;
revoke all on public.twilio_webhook_changes from public, anon, authenticated;
grant
  select,
  insert (workspace_id, target, target_sid, label, settings_before, settings_after, created_by),
  update (undone_at)
  on public.twilio_webhook_changes to authenticated;
grant all on public.twilio_webhook_changes to service_role;

create policy "admins read what was changed at Twilio" on public.twilio_webhook_changes
  for select to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())));
create policy "admins write down what they change" on public.twilio_webhook_changes
  for insert to authenticated
  with check (
    workspace_id = any (array(select private.my_admin_workspaces()))
    and created_by = (select auth.uid())
  );
create policy "admins undo what was changed" on public.twilio_webhook_changes
  for update to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())))
  with check (workspace_id = any (array(select private.my_admin_workspaces())));

-- Why webhooks were refused, one row for each reason however often it comes.
create table public.refused_webhooks (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  kind text not null check (kind in ('inbound', 'status')),
  reason text not null check (reason in (
    'not_signed', 'wrong_signature', 'other_account', 'other_address', 'wrong_method', 'unreadable'
  )),
  -- What the reason is about, such as the address that the signature fits.
  fact text check (length(fact) <= 200),
  times bigint not null default 1,
  last_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, kind, reason)
);

create trigger refused_webhooks_updated_at before update on public.refused_webhooks
  for each row execute function private.set_updated_at();
create trigger refused_webhooks_keep_workspace before update on public.refused_webhooks
  for each row execute function private.keep_workspace();

alter table public.refused_webhooks enable row level security;
revoke all on public.refused_webhooks from public, anon, authenticated;
grant select on public.refused_webhooks to authenticated;
grant all on public.refused_webhooks to service_role;

create policy "admins read why webhooks were refused" on public.refused_webhooks
  for select to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())));

-- An admin's request can take a secret away, as it can replace it; it can't read it.
create function private.remove_workspace_secret(ws uuid, name text) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  if not private.caller_belongs_to(ws)
    or (auth.uid() is not null and private.my_role(ws) not in ('owner', 'admin')) then
    raise exception 'only an admin changes secrets' using errcode = '42501';
  end if;
  delete from private.workspace_secrets s
  where s.workspace_id = ws and s.name = remove_workspace_secret.name;
end
$$;
revoke execute on function private.remove_workspace_secret(uuid, text)
  from public, anon, authenticated;
grant execute on function private.remove_workspace_secret(uuid, text)
  to authenticated, service_role;
