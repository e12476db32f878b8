-- A conversation is someone's or nobody's, sleeps until a moment or not at all,
-- waits for an answer since a moment, and is gone from every screen once deleted.

alter table public.workspaces
  -- Whoever answers a conversation that is nobody's takes it on.
  add column auto_claim boolean not null default false;
grant update (auto_claim) on public.workspaces to authenticated;

alter table public.contacts
  add column assigned_to uuid,
  add column snoozed_until timestamptz,
  add column blocked_at timestamptz,
  -- The first text that nobody has answered yet.
  add column waiting_since timestamptz,
  -- Deleted, and for a short while still to be restored. The number is free for a new contact.
  add column deleted_at timestamptz,
  add column deleted_phone_number text,
  add constraint contacts_assigned_to_fkey foreign key (workspace_id, assigned_to)
    references public.workspace_members (workspace_id, user_id)
    on delete set null (assigned_to);

update public.contacts set waiting_since = last_message_at
where last_message_direction = 'inbound' and conversation_status <> 'Done'
  and opted_out_at is null;

-- One index for each view of the inbox, in its order.
drop index public.contacts_status_idx;
create index contacts_open_idx
  on public.contacts (workspace_id, last_message_at desc nulls last, id desc)
  where conversation_status <> 'Done' and snoozed_until is null and blocked_at is null
    and last_message_at is not null;
create index contacts_assigned_idx
  on public.contacts (workspace_id, assigned_to, last_message_at desc nulls last, id desc)
  where conversation_status <> 'Done' and snoozed_until is null and blocked_at is null
    and last_message_at is not null;
create index contacts_unread_idx
  on public.contacts (workspace_id, last_message_at desc nulls last, id desc)
  where unread_count > 0 and blocked_at is null and last_message_at is not null;
create index contacts_snoozed_idx
  on public.contacts (workspace_id, last_message_at desc nulls last, id desc)
  where snoozed_until is not null and blocked_at is null and last_message_at is not null;
create index contacts_done_idx
  on public.contacts (workspace_id, last_message_at desc nulls last, id desc)
  where conversation_status = 'Done' and snoozed_until is null and blocked_at is null
    and last_message_at is not null;
create index contacts_blocked_idx
  on public.contacts (workspace_id, last_message_at desc nulls last, id desc)
  where blocked_at is not null and last_message_at is not null;
create index contacts_waiting_idx
  on public.contacts (workspace_id, waiting_since, id)
  where waiting_since is not null;
create index contacts_wake_idx on public.contacts (snoozed_until) where snoozed_until is not null;
create index contacts_deleted_idx on public.contacts (deleted_at) where deleted_at is not null;

grant update (assigned_to, snoozed_until, blocked_at, waiting_since)
  on public.contacts to authenticated;

alter policy "members read their contacts" on public.contacts
  using (deleted_at is null and workspace_id = any (array(select private.my_workspaces())));

-- Who asked to be left alone stays left alone, though the contact was deleted and comes anew.
create table private.kept_opt_outs (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  phone_number text not null,
  opted_out_at timestamptz not null,
  primary key (workspace_id, phone_number)
);
alter table private.kept_opt_outs enable row level security;
grant all on private.kept_opt_outs to service_role;

create function private.recall_opt_out() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if new.opted_out_at is null then
    select k.opted_out_at into new.opted_out_at from private.kept_opt_outs k
    where k.workspace_id = new.workspace_id and k.phone_number = new.phone_number;
  end if;
  return new;
end
$$;
create trigger contacts_recall_opt_out before insert on public.contacts
  for each row execute function private.recall_opt_out();

-- Takes a contact off every screen. False when there is none, or the caller is no admin.
create function private.delete_contact(ws uuid, contact uuid) returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
  gone public.contacts;
begin
  if private.my_role(ws) not in ('owner', 'admin') or private.my_role(ws) is null then
    raise exception 'only an admin deletes a conversation' using errcode = '42501';
  end if;
  select * into gone from public.contacts c
  where c.workspace_id = ws and c.id = contact and c.deleted_at is null for update;
  if not found then
    return false;
  end if;
  if gone.opted_out_at is null then
    delete from private.kept_opt_outs k
    where k.workspace_id = ws and k.phone_number = gone.phone_number;
  else
    insert into private.kept_opt_outs (workspace_id, phone_number, opted_out_at)
    values (ws, gone.phone_number, gone.opted_out_at)
    on conflict (workspace_id, phone_number) do update set opted_out_at = excluded.opted_out_at;
  end if;
  update public.contacts c
  set deleted_at = now(), deleted_phone_number = c.phone_number, phone_number = 'deleted:' || c.id
  where c.workspace_id = ws and c.id = contact;
  return true;
end
$$;

-- Brings it back: 'restored', 'missing', or 'taken' when the number has a new contact by now.
create function private.restore_contact(ws uuid, contact uuid) returns text
language plpgsql security definer set search_path = ''
as $$
declare
  gone public.contacts;
begin
  if private.my_role(ws) not in ('owner', 'admin') or private.my_role(ws) is null then
    raise exception 'only an admin restores a conversation' using errcode = '42501';
  end if;
  select * into gone from public.contacts c
  where c.workspace_id = ws and c.id = contact and c.deleted_at is not null for update;
  if not found then
    return 'missing';
  end if;
  if exists (
    select from public.contacts c
    where c.workspace_id = ws and c.phone_number = gone.deleted_phone_number
  ) then
    return 'taken';
  end if;
  update public.contacts c
  set deleted_at = null, deleted_phone_number = null, phone_number = c.deleted_phone_number
  where c.workspace_id = ws and c.id = contact;
  return 'restored';
end
$$;

-- An event of the log without what it says of a person: its number and its kind stay.
create function private.forget_contact(payload jsonb) returns jsonb
language sql immutable set search_path = ''
as $$
  select payload
    || case when payload ? 'contact' then jsonb_build_object('contact', payload -> 'contact' || '{
         "phoneNumber": "deleted", "name": null, "email": null, "company": null, "about": null,
         "customFields": {}, "lastMessage": null
       }') else '{}' end
    || case when payload ? 'message' then jsonb_build_object('message', payload -> 'message' || '{
         "content": "", "media": [], "fromNumber": null, "toNumber": null
       }') else '{}' end
    || case when payload ? 'note'
         then jsonb_build_object('note', payload -> 'note' || '{"body": "deleted"}') else '{}' end
$$;

revoke execute on function
  private.recall_opt_out(), private.delete_contact(uuid, uuid),
  private.restore_contact(uuid, uuid), private.forget_contact(jsonb)
from public, anon, authenticated;
grant execute on function
  private.delete_contact(uuid, uuid), private.restore_contact(uuid, uuid)
to authenticated;
