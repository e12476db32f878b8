-- How many conversations each view holds is known with every number of the log.

alter table public.workspace_streams add column view_counts jsonb not null default '{}';

-- The views that a conversation is in. `isInView` of the contract says the same.
create function private.list_contact_views(c public.contacts) returns text[]
language sql immutable set search_path = ''
as $$
  select case
    when c.last_message_at is null or c.deleted_at is not null then '{}'::text[]
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

create function private.add_counts(base jsonb, change jsonb) returns jsonb
language sql immutable set search_path = ''
as $$
  select coalesce(jsonb_object_agg(sums.key, sums.n) filter (where sums.n <> 0), '{}')
  from (
    select key, sum(value::integer) as n
    from (select * from jsonb_each_text(base) union all select * from jsonb_each_text(change)) each
    group by key
  ) sums
$$;

-- Kept until the transaction's first event, which takes it into the log: only that one holds
-- the counter, so that no two transactions wait for each other over counts.
create function private.keep_for_event(ws uuid, counts jsonb, activities jsonb) returns void
language plpgsql set search_path = ''
as $$
declare
  kept jsonb := coalesce(nullif(current_setting('livechat.kept', true), ''), '{}')::jsonb;
  mine jsonb := coalesce(kept -> ws::text, '{"counts": {}, "activities": []}');
begin
  mine := jsonb_build_object(
    'counts', private.add_counts(mine -> 'counts', counts),
    'activities', (mine -> 'activities') || activities
  );
  perform set_config('livechat.kept', (kept || jsonb_build_object(ws::text, mine))::text, true);
end
$$;

create function private.add_activity(c public.contacts, kind text, detail jsonb) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  added public.conversation_activities;
begin
  insert into public.conversation_activities
    (workspace_id, contact_id, kind, actor_id, actor_name, detail)
  values (
    c.workspace_id, c.id, add_activity.kind, auth.uid(), private.name_person(auth.uid()),
    jsonb_strip_nulls(add_activity.detail)
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

create function private.note_contact_change() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  was text[] := '{}';
  is_now text[] := '{}';
  counts jsonb;
  tag record;
begin
  if tg_op <> 'INSERT' then
    was := private.list_contact_views(old);
  end if;
  if tg_op <> 'DELETE' then
    is_now := private.list_contact_views(new);
  end if;
  if was <> is_now then
    select jsonb_object_agg(each.view, each.n) into counts
    from (
      select changes.view, sum(changes.n) as n
      from (
        select unnest(was) as view, -1 as n union all select unnest(is_now), 1
      ) changes
      group by changes.view
    ) each;
    perform private.keep_for_event(coalesce(new.workspace_id, old.workspace_id), counts, '[]');
  end if;

  if tg_op <> 'UPDATE' or coalesce(current_setting('livechat.quiet', true), '') = 'on' then
    return null;
  end if;
  if new.blocked_at is not null and old.blocked_at is null then
    perform private.add_activity(new, 'blocked', '{}');
  elsif new.blocked_at is null and old.blocked_at is not null then
    perform private.add_activity(new, 'unblocked', '{}');
  elsif new.conversation_status <> old.conversation_status then
    perform private.add_activity(
      new, 'status',
      jsonb_build_object('from', old.conversation_status, 'to', new.conversation_status)
    );
  elsif new.snoozed_until is null and old.snoozed_until is not null then
    perform private.add_activity(new, 'woke', '{}');
  end if;
  if new.snoozed_until is distinct from old.snoozed_until and new.snoozed_until is not null then
    perform private.add_activity(
      new, 'snoozed',
      jsonb_build_object(
        'until', to_char(new.snoozed_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      )
    );
  end if;
  if new.assigned_to is distinct from old.assigned_to then
    perform private.add_activity(
      new,
      case when new.assigned_to is null then 'unassigned' else 'assigned' end,
      jsonb_build_object(
        'memberId', coalesce(new.assigned_to, old.assigned_to),
        'memberName', private.name_person(coalesce(new.assigned_to, old.assigned_to))
      )
    );
  end if;
  if (new.opted_out_at is null) <> (old.opted_out_at is null) then
    perform private.add_activity(
      new, case when new.opted_out_at is null then 'opted_in' else 'opted_out' end, '{}'
    );
  end if;
  if new.tag_ids <> old.tag_ids then
    for tag in
      select t.id, t.name, t.id = any (new.tag_ids) as is_on
      from public.tags t
      where t.workspace_id = new.workspace_id
        and (t.id = any (new.tag_ids)) <> (t.id = any (old.tag_ids))
      order by lower(t.name)
    loop
      perform private.add_activity(
        new, case when tag.is_on then 'tagged' else 'untagged' end,
        jsonb_build_object('tagId', tag.id, 'tagName', tag.name)
      );
    end loop;
  end if;
  return null;
end
$$;

create trigger contacts_note_change after update on public.contacts
  for each row when (
    (
      old.conversation_status, old.unread_count > 0, old.snoozed_until, old.blocked_at,
      old.assigned_to, old.opted_out_at, old.tag_ids, old.deleted_at,
      old.last_message_at is null
    ) is distinct from (
      new.conversation_status, new.unread_count > 0, new.snoozed_until, new.blocked_at,
      new.assigned_to, new.opted_out_at, new.tag_ids, new.deleted_at,
      new.last_message_at is null
    )
  )
  execute function private.note_contact_change();
create trigger contacts_note_presence after insert or delete on public.contacts
  for each row execute function private.note_contact_change();

-- Mentions that a person has not seen are counted in the same way.
create function private.note_mention_change() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  change integer := 0;
begin
  if tg_op <> 'INSERT' and old.read_at is null then
    change := change - 1;
  end if;
  if tg_op <> 'DELETE' and new.read_at is null then
    change := change + 1;
  end if;
  if change <> 0 then
    perform private.keep_for_event(
      coalesce(new.workspace_id, old.workspace_id),
      jsonb_build_object('mentions:' || coalesce(new.user_id, old.user_id), change),
      '[]'
    );
  end if;
  return null;
end
$$;
create trigger note_mentions_note_change after insert or update or delete on public.note_mentions
  for each row execute function private.note_mention_change();

-- A change that no event tells of still counts: whatever is kept by the commit is taken then.
create function private.count_untold() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  ws uuid := coalesce(new.workspace_id, old.workspace_id);
  kept jsonb := coalesce(nullif(current_setting('livechat.kept', true), ''), '{}')::jsonb;
begin
  if kept ? ws::text then
    perform set_config('livechat.kept', (kept - ws::text)::text, true);
    update public.workspace_streams s
    set view_counts = private.add_counts(s.view_counts, kept -> ws::text -> 'counts')
    where s.workspace_id = ws;
  end if;
  return null;
end
$$;
create constraint trigger contacts_count_untold
  after insert or update or delete on public.contacts
  deferrable initially deferred
  for each row execute function private.count_untold();
create constraint trigger note_mentions_count_untold
  after insert or update or delete on public.note_mentions
  deferrable initially deferred
  for each row execute function private.count_untold();

-- The counts as the rows themselves say.
create function private.recount_views(ws uuid) returns jsonb
language sql stable set search_path = ''
as $$
  select coalesce(jsonb_object_agg(counted.key, counted.n), '{}')
  from (
    select view as key, count(*) as n
    from public.contacts c, unnest(private.list_contact_views(c)) view
    where c.workspace_id = ws
    group by view
    union all
    select 'mentions:' || m.user_id, count(*)
    from public.note_mentions m
    where m.workspace_id = ws and m.read_at is null
    group by m.user_id
  ) counted
$$;

update public.workspace_streams s set view_counts = private.recount_views(s.workspace_id);

-- Call it last in the transaction: the counter row stays locked until commit,
-- which is what makes the order of numbers the order of commits.
create or replace function private.append_workspace_event(ws uuid, type text, payload jsonb)
returns bigint
language plpgsql security definer set search_path = ''
as $$
declare
  next_seq bigint;
  kept jsonb := coalesce(nullif(current_setting('livechat.kept', true), ''), '{}')::jsonb;
  mine jsonb := kept -> ws::text;
  counts jsonb;
begin
  if not private.caller_belongs_to(ws) then
    raise exception 'not a member of this workspace' using errcode = '42501';
  end if;
  update public.workspace_streams s
  set
    last_seq = s.last_seq + 1,
    view_counts = case
      when mine is null then s.view_counts
      else private.add_counts(s.view_counts, mine -> 'counts')
    end
  where s.workspace_id = ws
  returning s.last_seq, s.view_counts into next_seq, counts;
  if next_seq is null then
    raise exception 'no such workspace' using errcode = '23503';
  end if;
  if mine is not null then
    perform set_config('livechat.kept', (kept - ws::text)::text, true);
    if mine -> 'counts' <> '{}' then
      payload := payload || jsonb_build_object('counts', (
        select jsonb_object_agg(key, coalesce(counts -> key, '0'))
        from jsonb_object_keys(mine -> 'counts') key
      ));
    end if;
    if mine -> 'activities' <> '[]' then
      payload := payload || jsonb_build_object('activities', mine -> 'activities');
    end if;
  end if;
  insert into public.workspace_events (workspace_id, seq, type, payload)
  values (ws, next_seq, append_workspace_event.type, payload);
  return next_seq;
end
$$;

revoke execute on function
  private.list_contact_views(public.contacts), private.add_counts(jsonb, jsonb),
  private.keep_for_event(uuid, jsonb, jsonb),
  private.add_activity(public.contacts, text, jsonb), private.note_contact_change(),
  private.note_mention_change(), private.count_untold(), private.recount_views(uuid)
from public, anon, authenticated;
