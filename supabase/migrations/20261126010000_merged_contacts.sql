-- Contacts that are one person are merged: each stays as the card of its number, and one speaks for all.

alter table public.contacts
  -- The contact that speaks for this card; never one that is merged itself.
  add column merged_into uuid,
  -- The numbers of the cards that this contact speaks for, so that whoever reads it has them.
  add column other_numbers jsonb not null default '[]',
  add constraint contacts_merged_into_fkey foreign key (workspace_id, merged_into)
    references public.contacts (workspace_id, id) on delete cascade,
  add constraint contacts_merged_into_check check (merged_into <> id);
create index contacts_merged_into_idx on public.contacts (workspace_id, merged_into)
  where merged_into is not null;

alter policy "members read their contacts" on public.contacts
  using (
    deleted_at is null and merged_into is null
    and workspace_id = any (array(select private.my_workspaces()))
  );

-- Whose it was, and is again once the merge is undone. Null: the contact's own.
alter table public.messages
  add column card_id uuid,
  add constraint messages_card_fkey foreign key (workspace_id, card_id)
    references public.contacts (workspace_id, id) on delete cascade;
create index messages_card_idx on public.messages (workspace_id, card_id) where card_id is not null;
grant insert (card_id) on public.messages to authenticated;

alter table public.conversation_notes
  add column card_id uuid,
  add constraint conversation_notes_card_fkey foreign key (workspace_id, card_id)
    references public.contacts (workspace_id, id) on delete cascade;
create index conversation_notes_card_idx on public.conversation_notes (workspace_id, card_id)
  where card_id is not null;

alter table public.conversation_activities
  add column card_id uuid,
  add constraint conversation_activities_card_fkey foreign key (workspace_id, card_id)
    references public.contacts (workspace_id, id) on delete cascade,
  drop constraint conversation_activities_kind_check,
  add constraint conversation_activities_kind_check check (kind in (
    'status', 'snoozed', 'woke', 'assigned', 'unassigned', 'blocked', 'unblocked',
    'opted_out', 'opted_in', 'tagged', 'untagged', 'merged', 'unmerged'
  ));
create index conversation_activities_card_idx
  on public.conversation_activities (workspace_id, card_id) where card_id is not null;

-- A contact's numbers are those of the cards that it speaks for.
create function private.tell_other_numbers() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update public.contacts speaker
  set other_numbers = coalesce((
    select jsonb_agg(
      jsonb_build_object(
        'contactId', card.id,
        'phoneNumber', card.phone_number,
        'addressType', card.address_type,
        'optedOutAt',
          to_char(card.opted_out_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      )
      order by card.phone_number
    )
    from public.contacts card
    where card.workspace_id = speaker.workspace_id and card.merged_into = speaker.id
      and card.deleted_at is null
  ), '[]')
  where speaker.workspace_id = new.workspace_id
    and speaker.id in (old.merged_into, new.merged_into);
  return null;
end
$$;
create trigger contacts_tell_other_numbers
  after update of merged_into, opted_out_at, phone_number, deleted_at on public.contacts
  for each row when (
    (old.merged_into is not null or new.merged_into is not null)
    and (old.merged_into, old.opted_out_at, old.phone_number, old.deleted_at)
      is distinct from (new.merged_into, new.opted_out_at, new.phone_number, new.deleted_at)
  )
  execute function private.tell_other_numbers();

-- What is written to a card goes to the contact that speaks for it. The lock waits for a merge
-- that is being made, so that nothing stays behind.
create function private.follow_merge() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  speaker uuid;
begin
  select c.merged_into into speaker from public.contacts c
  where c.workspace_id = new.workspace_id and c.id = new.contact_id
  for key share;
  if speaker is not null then
    new.card_id := coalesce(new.card_id, new.contact_id);
    new.contact_id := speaker;
  end if;
  if new.card_id is not null and not exists (
    select from public.contacts c
    where c.workspace_id = new.workspace_id and c.id = new.card_id
      and c.merged_into = new.contact_id
  ) then
    raise exception 'this number is not one of the contact''s' using errcode = '23514';
  end if;
  return new;
end
$$;
-- A text that comes in holds its card's row already.
create trigger messages_follow_merge before insert on public.messages
  for each row when (new.direction = 'outbound') execute function private.follow_merge();
create trigger conversation_notes_follow_merge before insert on public.conversation_notes
  for each row execute function private.follow_merge();

-- The contact that speaks for a card; null for anything else, and for a stranger.
create function private.find_merged_into(ws uuid, card uuid) returns uuid
language sql stable security definer set search_path = ''
as $$
  select c.merged_into from public.contacts c
  where c.workspace_id = ws and c.id = card and c.deleted_at is null
    and ws in (select private.my_workspaces())
$$;

-- Who has these numbers, whichever of their cards they are on.
create function private.find_speakers(ws uuid, numbers text[])
returns table (phone_number text, contact_id uuid)
language sql stable security definer set search_path = ''
as $$
  select c.phone_number, coalesce(c.merged_into, c.id) from public.contacts c
  where c.workspace_id = ws and c.phone_number = any (numbers)
    and ws in (select private.my_workspaces())
$$;

create or replace function private.list_contact_views(c public.contacts) returns text[]
language sql immutable set search_path = ''
as $$
  select case
    when c.last_message_at is null or c.deleted_at is not null or c.merged_into is not null
      then '{}'::text[]
    when c.blocked_at is not null then array['blocked']
    else array_remove(
      array[
        case when c.unread_count > 0 then 'unread' end,
        case
          when c.snoozed_until is not null then 'snoozed'
          when c.conversation_status = 'Done' then 'done'
          else 'open'
        end,
        case
          when c.snoozed_until is not null or c.conversation_status = 'Done' then null
          when c.assigned_to is null then 'unassigned'
          else 'mine:' || c.assigned_to
        end
      ],
      null
    )
  end
$$;

drop trigger contacts_note_change on public.contacts;
create trigger contacts_note_change after update on public.contacts
  for each row when (
    (
      old.conversation_status, old.unread_count > 0, old.snoozed_until, old.blocked_at,
      old.assigned_to, old.opted_out_at, old.tag_ids, old.deleted_at,
      old.last_message_at is null, old.merged_into
    ) is distinct from (
      new.conversation_status, new.unread_count > 0, new.snoozed_until, new.blocked_at,
      new.assigned_to, new.opted_out_at, new.tag_ids, new.deleted_at,
      new.last_message_at is null, new.merged_into
    )
  )
  execute function private.note_contact_change();

-- What happens to a card is told where its texts are, with the number that it happened to.
create or replace function private.add_activity(c public.contacts, kind text, detail jsonb)
returns void
language plpgsql security definer set search_path = ''
as $$
declare
  added public.conversation_activities;
begin
  insert into public.conversation_activities
    (workspace_id, contact_id, card_id, kind, actor_id, actor_name, detail)
  values (
    c.workspace_id, coalesce(c.merged_into, c.id),
    case when c.merged_into is not null then c.id end,
    add_activity.kind, auth.uid(), private.name_person(auth.uid()),
    jsonb_strip_nulls(add_activity.detail) || case
      when c.merged_into is null then '{}'
      else jsonb_build_object('phoneNumber', c.phone_number)
    end
  )
  returning * into added;
  perform private.keep_for_event(c.workspace_id, '{}', jsonb_build_array(jsonb_build_object(
    'id', added.id,
    'contactId', added.contact_id,
    'kind', added.kind,
    'actorId', added.actor_id,
    'actorName', added.actor_name,
    'detail', added.detail,
    'createdAt',
      to_char(added.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
  )));
end
$$;

revoke execute on function
  private.tell_other_numbers(), private.follow_merge(),
  private.find_merged_into(uuid, uuid), private.find_speakers(uuid, text[])
from public, anon, authenticated;
grant execute on function
  private.find_merged_into(uuid, uuid), private.find_speakers(uuid, text[])
to authenticated, service_role;
