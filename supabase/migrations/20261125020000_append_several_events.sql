-- Several facts of one transaction take their numbers with one turn of the counter.

create function private.append_workspace_events(ws uuid, events jsonb) returns bigint
language plpgsql security definer set search_path = ''
as $$
declare
  new_count bigint := jsonb_array_length(events);
  first_payload jsonb := events -> 0 -> 'payload';
  head bigint;
  kept jsonb := coalesce(nullif(current_setting('livechat.kept', true), ''), '{}')::jsonb;
  mine jsonb := kept -> ws::text;
  counts jsonb;
begin
  if not private.caller_belongs_to(ws) then
    raise exception 'not a member of this workspace' using errcode = '42501';
  end if;
  update public.workspace_streams s
  set
    last_seq = s.last_seq + new_count,
    view_counts = case
      when mine is null then s.view_counts
      else private.add_counts(s.view_counts, mine -> 'counts')
    end
  where s.workspace_id = ws
  returning s.last_seq, s.view_counts into head, counts;
  if head is null then
    raise exception 'no such workspace' using errcode = '23503';
  end if;
  -- The first one carries what the transaction did beside its events.
  if mine is not null then
    perform set_config('livechat.kept', (kept - ws::text)::text, true);
    if mine -> 'counts' <> '{}' then
      first_payload := first_payload || jsonb_build_object('counts', (
        select jsonb_object_agg(key, coalesce(counts -> key, '0'))
        from jsonb_object_keys(mine -> 'counts') key
      ));
    end if;
    if mine -> 'activities' <> '[]' then
      first_payload := first_payload || jsonb_build_object('activities', mine -> 'activities');
    end if;
  end if;
  insert into public.workspace_events (workspace_id, seq, type, payload)
  select
    ws, head - new_count + each.place, each.event ->> 'type',
    case when each.place = 1 then first_payload else each.event -> 'payload' end
  from jsonb_array_elements(events) with ordinality as each (event, place)
  order by each.place;
  return head;
end
$$;

create or replace function private.append_workspace_event(ws uuid, type text, payload jsonb)
returns bigint
language sql security definer set search_path = ''
as $$
  select private.append_workspace_events(
    ws, jsonb_build_array(jsonb_build_object('type', type, 'payload', payload))
  )
$$;

revoke execute on function private.append_workspace_events(uuid, jsonb)
from public, anon, authenticated;
grant execute on function private.append_workspace_events(uuid, jsonb)
to authenticated, service_role;
