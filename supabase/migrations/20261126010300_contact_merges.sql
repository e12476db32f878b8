-- A merge is remembered with what the contact that stayed was before, so that it can be undone.

create table public.contact_merges (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  survivor_id uuid not null,
  absorbed_id uuid not null,
  -- The cards that the absorbed contact itself spoke for; they go back with it.
  card_ids uuid[] not null default '{}',
  -- The survivor's values: as they were, and as the merge left them.
  before jsonb not null,
  after jsonb not null,
  -- The records of consent by which an agent's mark on one number came to hold for the others.
  marks uuid[] not null default '{}',
  -- No foreign key: the record outlives the person's account.
  merged_by uuid not null,
  undone_by uuid,
  undone_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, survivor_id)
    references public.contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, absorbed_id)
    references public.contacts (workspace_id, id) on delete cascade
);

create unique index contact_merges_standing_key
  on public.contact_merges (workspace_id, absorbed_id) where undone_at is null;
create index contact_merges_survivor_idx on public.contact_merges (workspace_id, survivor_id);

create trigger contact_merges_updated_at before update on public.contact_merges
  for each row execute function private.set_updated_at();
create trigger contact_merges_keep_workspace before update on public.contact_merges
  for each row execute function private.keep_workspace();

alter table public.contact_merges enable row level security;
revoke all on public.contact_merges from public, anon, authenticated;
grant select on public.contact_merges to authenticated;
grant all on public.contact_merges to service_role;

create policy "members read their merges" on public.contact_merges
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));

-- What a merge may change of the contact that stays.
create function private.describe_contact(c public.contacts) returns jsonb
language sql stable set search_path = '' set timezone = 'UTC'
as $$
  select jsonb_build_object(
    'name', c.name, 'email', c.email, 'company', c.company, 'time_zone', c.time_zone,
    'language', c.language, 'about', c.about, 'preferred_sender', c.preferred_sender,
    'custom_fields', c.custom_fields, 'tag_ids', c.tag_ids, 'assigned_to', c.assigned_to,
    'conversation_status', c.conversation_status, 'snoozed_until', c.snoozed_until,
    'blocked_at', c.blocked_at
  )
$$;

-- The last message of a conversation as its texts say it, and since when the customer waits.
create function private.recall_last_message(ws uuid, contact uuid, is_waiting boolean) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  update public.contacts c
  set (last_message, last_message_at, last_message_direction, last_message_by) = (
    select case when m.content = '' then 'Attachment' else m.content end,
      m.created_at, m.direction, m.created_by
    from (select) one
    left join lateral (
      select * from public.messages
      where workspace_id = ws and contact_id = contact and status <> 'scheduled'
      order by created_at desc, id desc limit 1
    ) m on true
  )
  where c.workspace_id = ws and c.id = contact;
  update public.contacts c
  set our_number = (
    select m.to_number from public.messages m
    where m.workspace_id = ws and m.contact_id = contact and m.direction = 'inbound'
    order by m.created_at desc, m.id desc limit 1
  )
  where c.workspace_id = ws and c.id = contact;
  update public.contacts c
  set waiting_since = case
    when is_waiting and c.last_message_direction = 'inbound' and c.blocked_at is null
      and c.conversation_status <> 'Done' and c.opted_out_at is null
    then (
      select min(m.created_at) from public.messages m
      where m.workspace_id = ws and m.contact_id = contact and m.direction = 'inbound'
        and m.created_at > coalesce((
          select max(answer.created_at) from public.messages answer
          where answer.workspace_id = ws and answer.contact_id = contact
            and answer.direction = 'outbound' and answer.status <> 'scheduled'
        ), '-infinity')
    )
  end
  where c.workspace_id = ws and c.id = contact;
end
$$;

-- What an agent was told is about the person: a mark on one of a contact's numbers is made on all
-- that are open. The records of it.
create function private.spread_mark(ws uuid, contact uuid) returns uuid[]
language plpgsql security definer set search_path = ''
as $$
declare
  open_ids uuid[];
  made uuid[];
begin
  if not private.has_agent_mark(ws, contact) then
    return '{}';
  end if;
  open_ids := array(
    select c.id from public.contacts c
    where c.workspace_id = ws and (c.id = contact or c.merged_into = contact)
      and c.opted_out_at is null
  );
  update public.contacts c set opted_out_at = now()
  where c.workspace_id = ws and c.id = any (open_ids) and c.id <> contact;
  update public.contacts c set opted_out_at = now()
  where c.workspace_id = ws and c.id = any (open_ids) and c.id = contact;
  with marked as (
    insert into public.contact_consents
      (workspace_id, contact_id, action, source, note, actor_id, at)
    select ws, open_one, 'opted_out', 'agent', 'Marked on another number of the same person',
      auth.uid(), clock_timestamp()
    from unnest(open_ids) open_one
    returning id
  )
  select coalesce(array_agg(marked.id), '{}') into made from marked;
  return made;
end
$$;

-- Takes back what `private.spread_mark` did, where nobody has said anything of that number since.
create function private.gather_mark(ws uuid, marks uuid[]) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  held uuid[];
begin
  held := array(
    select k.contact_id from public.contact_consents k
    where k.workspace_id = ws and k.id = any (marks)
      and private.opt_out_holder(ws, k.contact_id) = 'agent'
      and not exists (
        select from public.contact_consents later
        where later.workspace_id = ws and later.contact_id = k.contact_id and later.at > k.at
          and later.action <> 'asked_for_help'
      )
  );
  update public.contacts c set opted_out_at = null
  where c.workspace_id = ws and c.id = any (held);
  insert into public.contact_consents (workspace_id, contact_id, action, source, note, actor_id, at)
  select ws, held_one, 'opted_in', 'agent', 'Separated from the number that was marked',
    auth.uid(), clock_timestamp()
  from unnest(held) held_one;
end
$$;

-- Makes `absorbed` a card of `survivor`: 'merged'; 'already' when it is; 'missing' when one of
-- them is not there, 'moved' when one of them belongs to another contact by now. `take` names the
-- values of the absorbed one that replace the survivor's: columns, and ids of custom fields.
create function private.merge_contacts(ws uuid, survivor uuid, absorbed uuid, take text[])
returns text
language plpgsql security definer set search_path = ''
as $$
declare
  kept public.contacts;
  gone public.contacts;
  became public.contacts;
  merge_id uuid;
  waits text := current_setting('lock_timeout');
begin
  if auth.uid() is null or not private.caller_belongs_to(ws) then
    raise exception 'not a member of this workspace' using errcode = '42501';
  end if;
  -- Cards before those that speak for them, each by id: in the order of a text that arrives.
  perform from public.contacts c
  where c.workspace_id = ws and c.merged_into in (survivor, absorbed) order by c.id for update;
  perform from public.contacts c
  where c.workspace_id = ws and c.id in (survivor, absorbed) order by c.id for update;
  select * into kept from public.contacts c
  where c.workspace_id = ws and c.id = survivor and c.deleted_at is null;
  if not found then
    return 'missing';
  end if;
  select * into gone from public.contacts c
  where c.workspace_id = ws and c.id = absorbed and c.deleted_at is null and c.id <> survivor;
  if not found then
    return 'missing';
  end if;
  if gone.merged_into = survivor then
    return 'already';
  end if;
  if kept.merged_into is not null or gone.merged_into is not null then
    return 'moved';
  end if;

  became := kept;
  became.name := case when 'name' = any (take) then coalesce(gone.name, kept.name)
    else coalesce(kept.name, gone.name) end;
  became.email := case when 'email' = any (take) then coalesce(gone.email, kept.email)
    else coalesce(kept.email, gone.email) end;
  became.company := case when 'company' = any (take) then coalesce(gone.company, kept.company)
    else coalesce(kept.company, gone.company) end;
  became.time_zone := case when 'time_zone' = any (take)
    then coalesce(gone.time_zone, kept.time_zone) else coalesce(kept.time_zone, gone.time_zone) end;
  became.language := case when 'language' = any (take) then coalesce(gone.language, kept.language)
    else coalesce(kept.language, gone.language) end;
  became.about := case when 'about' = any (take) then coalesce(gone.about, kept.about)
    else coalesce(kept.about, gone.about) end;
  became.preferred_sender := coalesce(kept.preferred_sender, gone.preferred_sender);
  became.custom_fields := gone.custom_fields || kept.custom_fields || coalesce((
    select jsonb_object_agg(taken.key, taken.value)
    from jsonb_each(gone.custom_fields) taken where taken.key = any (take)
  ), '{}');
  became.tag_ids := (kept.tag_ids || array(
    select worn from unnest(gone.tag_ids) worn where worn <> all (kept.tag_ids)
  ))[1:20];
  became.assigned_to := coalesce(kept.assigned_to, gone.assigned_to);

  -- A card without a text has no conversation: the other's state holds. A blocked one's texts
  -- called nobody, so it adds nothing to one that is not. Of two that live, the more awake holds.
  if kept.last_message_at is null and gone.last_message_at is not null then
    became.conversation_status := gone.conversation_status;
    became.snoozed_until := gone.snoozed_until;
    became.blocked_at := coalesce(kept.blocked_at, gone.blocked_at);
  elsif gone.last_message_at is not null and gone.blocked_at is null and kept.blocked_at is null then
    if kept.snoozed_until is not null and gone.snoozed_until is not null then
      became.snoozed_until := least(kept.snoozed_until, gone.snoozed_until);
    elsif kept.conversation_status <> 'Done' and kept.snoozed_until is null then
      null;
    elsif gone.conversation_status <> 'Done' and gone.snoozed_until is null then
      became.conversation_status := gone.conversation_status;
      became.snoozed_until := null;
    elsif kept.conversation_status = 'Done' and gone.snoozed_until is not null then
      became.conversation_status := gone.conversation_status;
      became.snoozed_until := gone.snoozed_until;
    end if;
  end if;
  became.unread_count := case
    when became.blocked_at is not null then 0
    else kept.unread_count + gone.unread_count
  end;
  became.waiting_since := case
    when became.blocked_at is null and became.conversation_status <> 'Done'
      then least(kept.waiting_since, gone.waiting_since)
  end;
  if gone.last_message_at > kept.last_message_at or kept.last_message_at is null then
    became.last_message := gone.last_message;
    became.last_message_at := gone.last_message_at;
    became.last_message_direction := gone.last_message_direction;
    became.last_message_by := gone.last_message_by;
    became.our_number := coalesce(gone.our_number, kept.our_number);
  end if;

  insert into public.contact_merges
    (workspace_id, survivor_id, absorbed_id, card_ids, before, after, merged_by)
  values (
    ws, survivor, absorbed,
    array(
      select c.id from public.contacts c where c.workspace_id = ws and c.merged_into = absorbed
    ),
    private.describe_contact(kept), private.describe_contact(became), auth.uid()
  )
  returning id into merge_id;
  -- One line tells of all that follows.
  perform set_config('livechat.quiet', 'on', true);
  update public.contacts c set merged_into = survivor
  where c.workspace_id = ws and (c.id = absorbed or c.merged_into = absorbed);
  update public.contacts c
  set name = became.name, email = became.email, company = became.company,
    time_zone = became.time_zone, language = became.language, about = became.about,
    preferred_sender = became.preferred_sender, custom_fields = became.custom_fields,
    tag_ids = became.tag_ids, assigned_to = became.assigned_to,
    conversation_status = became.conversation_status, snoozed_until = became.snoozed_until,
    blocked_at = became.blocked_at, unread_count = became.unread_count,
    waiting_since = became.waiting_since, last_message = became.last_message,
    last_message_at = became.last_message_at,
    last_message_direction = became.last_message_direction,
    last_message_by = became.last_message_by, our_number = became.our_number, updated_at = now()
  where c.workspace_id = ws and c.id = survivor;
  perform set_config('livechat.quiet', '', true);
  -- Whoever stores a report holds the text's row, and may wait for its contact's: who merges steps
  -- back before the database has to choose one of the two.
  perform set_config('lock_timeout', '300ms', true);
  update public.messages m set contact_id = survivor, card_id = coalesce(m.card_id, absorbed)
  where m.workspace_id = ws and m.contact_id = absorbed;
  perform set_config('lock_timeout', waits, true);
  update public.conversation_notes n
  set contact_id = survivor, card_id = coalesce(n.card_id, absorbed)
  where n.workspace_id = ws and n.contact_id = absorbed;
  update public.conversation_activities a
  set contact_id = survivor, card_id = coalesce(a.card_id, absorbed)
  where a.workspace_id = ws and a.contact_id = absorbed;
  perform private.add_activity(became, 'merged', jsonb_build_object(
    'contactId', absorbed, 'phoneNumber', gone.phone_number, 'contactName', gone.name
  ));
  update public.contact_merges m set marks = private.spread_mark(ws, survivor)
  where m.workspace_id = ws and m.id = merge_id;
  return 'merged';
end
$$;

-- Gives a card back what is its own: its texts, notes and lines, also those since the merge, and
-- the cards it came with. The contact that stays loses what it had from it, where nobody has
-- changed that since. The contact that spoke for it, or null when it is no card.
create function private.unmerge_contact(ws uuid, absorbed uuid) returns uuid
language plpgsql security definer set search_path = ''
as $$
declare
  speaker uuid;
  done public.contact_merges;
  back uuid[];
  shared public.contacts;
  kept public.contacts;
  card public.contacts;
  what jsonb;
  unread_here integer;
  waits text := current_setting('lock_timeout');
begin
  if auth.uid() is null or not private.caller_belongs_to(ws) then
    raise exception 'not a member of this workspace' using errcode = '42501';
  end if;
  select c.merged_into into speaker from public.contacts c
  where c.workspace_id = ws and c.id = absorbed and c.deleted_at is null;
  if speaker is null then
    return null;
  end if;
  perform from public.contacts c where c.workspace_id = ws and c.merged_into = speaker
  order by c.id for update;
  select * into shared from public.contacts c
  where c.workspace_id = ws and c.id = speaker for update;
  select * into card from public.contacts c where c.workspace_id = ws and c.id = absorbed;
  select * into done from public.contact_merges m
  where m.workspace_id = ws and m.absorbed_id = absorbed and m.undone_at is null for update;
  -- Someone was faster; the caller looks again.
  if done.id is null or card.merged_into is distinct from speaker then
    return null;
  end if;
  back := array(
    select c.id from public.contacts c
    where c.workspace_id = ws and c.merged_into = speaker
      and (c.id = absorbed or c.id = any (done.card_ids))
  );
  select count(*) into unread_here
  from (
    select coalesce(m.card_id, m.contact_id) as card_id from public.messages m
    where m.workspace_id = ws and m.contact_id = speaker and m.direction = 'inbound'
    order by m.created_at desc, m.id desc limit shared.unread_count
  ) unread
  where unread.card_id = any (back);

  perform set_config('livechat.quiet', 'on', true);
  update public.contacts c
  set merged_into = case when c.id <> absorbed then absorbed end
  where c.workspace_id = ws and c.id = any (back);
  -- As for a merge.
  perform set_config('lock_timeout', '300ms', true);
  update public.messages m set contact_id = absorbed, card_id = nullif(m.card_id, absorbed)
  where m.workspace_id = ws and m.contact_id = speaker and m.card_id = any (back);
  perform set_config('lock_timeout', waits, true);
  update public.conversation_notes n
  set contact_id = absorbed, card_id = nullif(n.card_id, absorbed)
  where n.workspace_id = ws and n.contact_id = speaker and n.card_id = any (back);
  update public.conversation_activities a
  set contact_id = absorbed, card_id = nullif(a.card_id, absorbed)
  where a.workspace_id = ws and a.contact_id = speaker and a.card_id = any (back);

  -- What the merge gave the survivor, and nobody has changed since.
  select * into kept from public.contacts c
  where c.workspace_id = ws and c.id = done.survivor_id;
  select coalesce(jsonb_object_agg(was.key, was.value), '{}') into what
  from jsonb_each(done.before) was
  where was.key not in ('custom_fields', 'tag_ids')
    and was.value is distinct from done.after -> was.key
    and private.describe_contact(kept) -> was.key = done.after -> was.key;
  -- Who was removed from the workspace since is nobody's agent.
  if what ? 'assigned_to' and not exists (
    select from public.workspace_members m
    where m.workspace_id = ws and m.user_id = (what ->> 'assigned_to')::uuid
  ) then
    what := what || '{"assigned_to": null}';
  end if;
  kept := jsonb_populate_record(kept, what);
  kept.custom_fields := coalesce((
    select jsonb_object_agg(field.key, field.value)
    from jsonb_each(
      kept.custom_fields || coalesce((
        select jsonb_object_agg(was.key, was.value)
        from jsonb_each(done.before -> 'custom_fields') was
        where was.value is distinct from done.after -> 'custom_fields' -> was.key
          and kept.custom_fields -> was.key = done.after -> 'custom_fields' -> was.key
      ), '{}')
    ) field
    where done.before -> 'custom_fields' ? field.key
      or done.after -> 'custom_fields' -> field.key is distinct from field.value
  ), '{}');
  kept.tag_ids := array(
    select worn from unnest(kept.tag_ids) with ordinality as all_worn (worn, place)
    where done.before -> 'tag_ids' ? worn::text or not done.after -> 'tag_ids' ? worn::text
    order by place
  );
  update public.contacts c
  set name = kept.name, email = kept.email, company = kept.company, time_zone = kept.time_zone,
    language = kept.language, about = kept.about, preferred_sender = kept.preferred_sender,
    custom_fields = kept.custom_fields, tag_ids = kept.tag_ids, assigned_to = kept.assigned_to,
    conversation_status = kept.conversation_status, snoozed_until = kept.snoozed_until,
    blocked_at = kept.blocked_at, updated_at = now()
  where c.workspace_id = ws and c.id = kept.id;
  -- Where people went on with the conversation, its card goes on from there, too.
  update public.contacts c
  set updated_at = now(), unread_count = unread_here,
    conversation_status = case
      when private.describe_contact(shared) -> 'conversation_status'
        is distinct from done.after -> 'conversation_status'
      then shared.conversation_status else c.conversation_status
    end,
    snoozed_until = case
      when private.describe_contact(shared) -> 'snoozed_until'
        is distinct from done.after -> 'snoozed_until'
      then shared.snoozed_until else c.snoozed_until
    end,
    blocked_at = case
      when private.describe_contact(shared) -> 'blocked_at'
        is distinct from done.after -> 'blocked_at'
      then shared.blocked_at else c.blocked_at
    end
  where c.workspace_id = ws and c.id = absorbed;
  update public.contacts c
  set unread_count = greatest(0, c.unread_count - unread_here), updated_at = now()
  where c.workspace_id = ws and c.id = speaker;
  perform set_config('livechat.quiet', '', true);

  update public.contact_merges m set undone_at = now(), undone_by = auth.uid()
  where m.workspace_id = ws and m.id = done.id;
  perform private.gather_mark(ws, done.marks);
  perform private.recall_last_message(ws, speaker, shared.waiting_since is not null);
  perform private.recall_last_message(ws, absorbed, shared.waiting_since is not null);
  perform private.add_activity(shared, 'unmerged', jsonb_build_object(
    'contactId', absorbed, 'phoneNumber', card.phone_number, 'contactName', card.name
  ));
  card.merged_into := null;
  perform private.add_activity(card, 'unmerged', jsonb_build_object(
    'contactId', speaker, 'phoneNumber', shared.phone_number, 'contactName', shared.name
  ));
  return speaker;
end
$$;

revoke execute on function
  private.describe_contact(public.contacts), private.recall_last_message(uuid, uuid, boolean),
  private.spread_mark(uuid, uuid), private.gather_mark(uuid, uuid[]),
  private.merge_contacts(uuid, uuid, uuid, text[]), private.unmerge_contact(uuid, uuid)
from public, anon, authenticated;
grant execute on function
  private.merge_contacts(uuid, uuid, uuid, text[]), private.unmerge_contact(uuid, uuid)
to authenticated;
