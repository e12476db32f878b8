-- A search may look at some conversations only, and at some days.

-- Whether a contact is among those that a filter lets through; `{}` lets all through.
create function private.fits_filter(c public.contacts, within jsonb) returns boolean
language sql immutable set search_path = ''
as $$
  select (within ->> 'tagId' is null or (within ->> 'tagId')::uuid = any (c.tag_ids))
    and (within ->> 'assignedTo' is null or (within ->> 'assignedTo')::uuid = c.assigned_to)
    and (
      within ->> 'line' is null or within ->> 'line' = coalesce(c.our_number, c.preferred_sender)
    )
    and (within ->> 'status' is null or within ->> 'status' = c.conversation_status)
    and (within ->> 'isUnread' is null or c.unread_count > 0)
$$;

drop function private.search_message_ids(uuid, text, uuid, timestamptz, uuid, integer);
drop function private.search_note_ids(uuid, text, timestamptz, uuid, integer);
drop function private.search_contact_ids(uuid, text[], timestamptz, uuid, integer);

-- `span` is from its first moment up to its second.
create function private.search_message_ids(
  ws uuid, query text, of_contact uuid, within jsonb, span tstzrange, before_at timestamptz,
  before_id uuid, max_rows integer
) returns table (id uuid, created_at timestamptz)
language plpgsql stable security definer set search_path = ''
as $$
begin
  if not exists (select from private.my_workspaces() as mine where mine = ws) then
    return;
  end if;
  return query execute $q$
    select s.message_id, s.created_at from private.message_search s
    where s.workspace_id = $1
      and s.words @@ to_tsquery('pg_catalog.simple', private.fold_text($2))
      and ($3 is null or s.contact_id = $3)
      and ($4 is null or (s.created_at, s.message_id) < ($4, $5))
      and ($7 is null or s.created_at >= $7)
      and ($8 is null or s.created_at < $8)
      and ($9 = '{}' or exists (
        select from public.contacts c
        where c.workspace_id = $1 and c.id = s.contact_id and private.fits_filter(c, $9)
      ))
    order by s.created_at desc, s.message_id desc
    limit $6
  $q$ using
    ws, query, of_contact, before_at, before_id, max_rows, lower(span), upper(span), within;
end
$$;

create function private.search_note_ids(
  ws uuid, query text, within jsonb, span tstzrange, before_at timestamptz, before_id uuid,
  max_rows integer
) returns table (id uuid, created_at timestamptz)
language plpgsql stable security definer set search_path = ''
as $$
begin
  if not exists (select from private.my_workspaces() as mine where mine = ws) then
    return;
  end if;
  return query execute $q$
    select n.id, n.created_at from public.conversation_notes n
    where n.workspace_id = $1
      and private.to_words(n.body) @@ to_tsquery('pg_catalog.simple', private.fold_text($2))
      and ($3 is null or (n.created_at, n.id) < ($3, $4))
      and ($6 is null or n.created_at >= $6)
      and ($7 is null or n.created_at < $7)
      and ($8 = '{}' or exists (
        select from public.contacts c
        where c.workspace_id = $1 and c.id = n.contact_id and private.fits_filter(c, $8)
      ))
    order by n.created_at desc, n.id desc
    limit $5
  $q$ using ws, query, before_at, before_id, max_rows, lower(span), upper(span), within;
end
$$;

create function private.search_contact_ids(
  ws uuid, patterns text[], within jsonb, before_at timestamptz, before_id uuid, max_rows integer
) returns table (id uuid, last_message_at timestamptz)
language plpgsql stable security definer set search_path = ''
as $$
declare
  conditions text;
begin
  if not exists (select from private.my_workspaces() as mine where mine = ws) then
    return;
  end if;
  -- As constants, since an index serves no pattern that is not known to the planner.
  select string_agg(format('s.content like %L', private.fold_text(p)), ' and ')
  into conditions from unnest(patterns) p;
  return query execute format($q$
    select c.id, c.last_message_at
    from private.contact_search s
    join public.contacts c on c.workspace_id = s.workspace_id and c.id = s.contact_id
    where s.workspace_id = $1 and %s
      and (
        $3 is null
        or (coalesce(c.last_message_at, '-infinity'), c.id) < (coalesce($2, '-infinity'), $3)
      )
      and ($5 = '{}' or private.fits_filter(c, $5))
    order by coalesce(c.last_message_at, '-infinity') desc, c.id desc
    limit $4
  $q$, coalesce(conditions, 'true')) using ws, before_at, before_id, max_rows, within;
end
$$;

revoke execute on function
  private.fits_filter(public.contacts, jsonb),
  private.search_message_ids(
    uuid, text, uuid, jsonb, tstzrange, timestamptz, uuid, integer
  ),
  private.search_note_ids(uuid, text, jsonb, tstzrange, timestamptz, uuid, integer),
  private.search_contact_ids(uuid, text[], jsonb, timestamptz, uuid, integer)
from public, anon, authenticated;
grant execute on function
  private.search_message_ids(
    uuid, text, uuid, jsonb, tstzrange, timestamptz, uuid, integer
  ),
  private.search_note_ids(uuid, text, jsonb, tstzrange, timestamptz, uuid, integer),
  private.search_contact_ids(uuid, text[], jsonb, timestamptz, uuid, integer)
to authenticated;
