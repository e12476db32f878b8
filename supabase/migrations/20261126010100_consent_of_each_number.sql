-- Consent belongs to a number: a STOP from one number of a person neither closes nor opens another.

-- What an agent was told, or takes back, holds for every number of the person. Cards come before
-- the contact that speaks for them, as for a text that arrives.
create or replace function private.mark_opted_out(ws uuid, contact uuid, reason text)
returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  if auth.uid() is null or not private.caller_belongs_to(ws) then
    raise exception 'not a member of this workspace' using errcode = '42501';
  end if;
  perform from public.contacts where workspace_id = ws and merged_into = contact
  order by id for update;
  update public.contacts set opted_out_at = coalesce(opted_out_at, now())
  where workspace_id = ws and merged_into = contact;
  update public.contacts set opted_out_at = coalesce(opted_out_at, now())
  where workspace_id = ws and id = contact;
  if not found then
    return false;
  end if;
  insert into public.contact_consents (workspace_id, contact_id, action, source, note, actor_id, at)
  select ws, c.id, 'opted_out', 'agent', reason, auth.uid(), clock_timestamp()
  from public.contacts c
  where c.workspace_id = ws and (c.id = contact or c.merged_into = contact);
  return true;
end
$$;

create or replace function private.undo_opt_out(ws uuid, contact uuid, reason text)
returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
  held uuid[];
begin
  if auth.uid() is null or not private.caller_belongs_to(ws) then
    raise exception 'not a member of this workspace' using errcode = '42501';
  end if;
  -- The locks come first: a STOP that is just arriving is then either seen or comes next.
  perform from public.contacts where workspace_id = ws and merged_into = contact
  order by id for update;
  perform from public.contacts where workspace_id = ws and id = contact for update;
  select array_agg(c.id) into held from public.contacts c
  where c.workspace_id = ws and (c.id = contact or c.merged_into = contact)
    and private.opt_out_holder(ws, c.id) = 'agent';
  if held is null then
    return false;
  end if;
  update public.contacts set opted_out_at = null
  where workspace_id = ws and id = any (held) and id <> contact;
  update public.contacts set opted_out_at = null
  where workspace_id = ws and id = any (held) and id = contact;
  insert into public.contact_consents (workspace_id, contact_id, action, source, note, actor_id, at)
  select ws, held_one, 'opted_in', 'agent', reason, auth.uid(), clock_timestamp()
  from unnest(held) held_one;
  return true;
end
$$;

-- Calls off what waits for those numbers of a contact that have opted out, and names it.
create or replace function private.cancel_waiting_texts(
  ws uuid, contact uuid, code integer, reason text
)
returns setof uuid
language plpgsql security definer set search_path = ''
as $$
begin
  if not private.caller_belongs_to(ws) then
    raise exception 'not a member of this workspace' using errcode = '42501';
  end if;
  return query
    update public.messages m
    set status = 'canceled', error_code = code, error_message = reason
    where m.workspace_id = ws and m.contact_id = contact and m.direction = 'outbound'
      and m.status in ('pending', 'scheduled')
      and exists (
        select from public.contacts c
        where c.workspace_id = ws and c.id = coalesce(m.card_id, contact)
          and c.opted_out_at is not null
      )
    returning m.id;
end
$$;

-- Whether an agent's mark holds one of a contact's numbers closed; false for a stranger.
create function private.has_agent_mark(ws uuid, contact uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
  select ws in (select private.my_workspaces()) and exists (
    select from public.contacts c
    where c.workspace_id = ws and (c.id = contact or c.merged_into = contact)
      and private.opt_out_holder(ws, c.id) = 'agent'
  )
$$;
revoke execute on function private.has_agent_mark(uuid, uuid) from public, anon, authenticated;
grant execute on function private.has_agent_mark(uuid, uuid) to authenticated, service_role;
