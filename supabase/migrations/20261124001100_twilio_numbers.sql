-- A workspace sends from and is reached at its own Twilio numbers.

create table public.twilio_numbers (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  phone_number text not null,
  twilio_sid text not null,
  friendly_name text,
  capabilities jsonb not null default '{}',
  sms_url text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, phone_number),
  unique (workspace_id, twilio_sid)
);

create index twilio_numbers_phone_number_idx on public.twilio_numbers (phone_number);

create trigger twilio_numbers_updated_at before update on public.twilio_numbers
  for each row execute function private.set_updated_at();
create trigger twilio_numbers_keep_workspace before update on public.twilio_numbers
  for each row execute function private.keep_workspace();

alter table public.twilio_numbers enable row level security;
revoke all on public.twilio_numbers from public, anon, authenticated;
grant
  select,
  insert (id, workspace_id, phone_number, twilio_sid, friendly_name, capabilities, sms_url),
  update (phone_number, friendly_name, capabilities, sms_url),
  delete
  on public.twilio_numbers to authenticated;
grant all on public.twilio_numbers to service_role;

create policy "members read their numbers" on public.twilio_numbers
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
create policy "admins add numbers" on public.twilio_numbers
  for insert to authenticated
  with check (workspace_id = any (array(select private.my_admin_workspaces())));
create policy "admins update their numbers" on public.twilio_numbers
  for update to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())))
  with check (workspace_id = any (array(select private.my_admin_workspaces())));
create policy "admins remove their numbers" on public.twilio_numbers
  for delete to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())));
