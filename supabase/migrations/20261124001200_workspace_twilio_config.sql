-- A workspace is connected to one Twilio account; its secrets are kept elsewhere.

create table public.workspace_twilio_config (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null unique references public.workspaces (id) on delete cascade,
  account_sid text not null,
  auth_token_last4 text check (length(auth_token_last4) <= 4),
  api_key_sid text,
  webhook_url text,
  webhook_type text not null default 'global' check (webhook_type in ('global', 'per_number')),
  is_configured boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create index workspace_twilio_config_account_sid_idx
  on public.workspace_twilio_config (account_sid);

create trigger workspace_twilio_config_updated_at before update on public.workspace_twilio_config
  for each row execute function private.set_updated_at();
create trigger workspace_twilio_config_keep_workspace before update on public.workspace_twilio_config
  for each row execute function private.keep_workspace();

alter table public.workspace_twilio_config enable row level security;
revoke all on public.workspace_twilio_config from public, anon, authenticated;
grant
  select,
  insert (
    id, workspace_id, account_sid, auth_token_last4, api_key_sid,
    webhook_url, webhook_type, is_configured
  ),
  update (account_sid, auth_token_last4, api_key_sid, webhook_url, webhook_type, is_configured),
  delete
  on public.workspace_twilio_config to authenticated;
grant all on public.workspace_twilio_config to service_role;

create policy "members read their connection" on public.workspace_twilio_config
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
create policy "admins connect Twilio" on public.workspace_twilio_config
  for insert to authenticated
  with check (workspace_id = any (array(select private.my_admin_workspaces())));
create policy "admins change the connection" on public.workspace_twilio_config
  for update to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())))
  with check (workspace_id = any (array(select private.my_admin_workspaces())));
create policy "admins disconnect Twilio" on public.workspace_twilio_config
  for delete to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())));
