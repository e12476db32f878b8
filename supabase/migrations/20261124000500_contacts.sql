-- A contact is one address that a workspace texts with, once per workspace.

create table public.contacts (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  phone_number text not null check (length(phone_number) between 1 and 64),
  address_type text not null default 'e164'
    check (address_type in ('e164', 'short_code', 'alphanumeric')),
  name text check (length(name) <= 200),
  email text check (length(email) <= 320),
  conversation_status text not null default 'Open'
    check (conversation_status in ('Open', 'Pending', 'Done')),
  unread_count integer not null default 0 check (unread_count >= 0),
  opted_out_at timestamptz,
  last_message text,
  last_message_at timestamptz,
  last_message_direction text check (last_message_direction in ('inbound', 'outbound')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, phone_number),
  unique (workspace_id, id)
);

create index contacts_inbox_idx
  on public.contacts (workspace_id, last_message_at desc nulls last, id desc);
create index contacts_status_idx
  on public.contacts (workspace_id, conversation_status, last_message_at desc nulls last, id desc);

create trigger contacts_updated_at before update on public.contacts
  for each row execute function private.set_updated_at();
create trigger contacts_keep_workspace before update on public.contacts
  for each row execute function private.keep_workspace();

alter table public.contacts enable row level security;
revoke all on public.contacts from public, anon, authenticated;
-- Opting out and back in is the contact's act, so no member writes opted_out_at.
grant
  select,
  insert (id, workspace_id, phone_number, address_type, name, email, conversation_status),
  update (
    name, email, conversation_status, unread_count,
    last_message, last_message_at, last_message_direction
  )
  on public.contacts to authenticated;
grant all on public.contacts to service_role;

create policy "members read their contacts" on public.contacts
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
create policy "members add contacts" on public.contacts
  for insert to authenticated
  with check (workspace_id = any (array(select private.my_workspaces())));
create policy "members update their contacts" on public.contacts
  for update to authenticated
  using (workspace_id = any (array(select private.my_workspaces())))
  with check (workspace_id = any (array(select private.my_workspaces())));
