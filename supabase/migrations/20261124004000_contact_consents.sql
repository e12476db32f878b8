-- Whether a person wants our texts, who said so, when and how, is written down and never rewritten.

create table public.contact_consents (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  contact_id uuid not null,
  -- `asked_for_help` changes nothing: it is kept because the law asks for it.
  action text not null check (action in ('opted_out', 'opted_in', 'asked_for_help')),
  -- A word of the customer's, Twilio's Advanced Opt-Out, Twilio's refusal of a text, or an agent.
  source text not null check (source in ('keyword', 'opt_out_type', 'carrier_error', 'agent')),
  -- What the customer wrote, or why the agent did it.
  note text check (length(note) <= 2000),
  -- The number of ours that it was said to.
  our_number text check (length(our_number) <= 64),
  message_sid text,
  error_code integer,
  -- No foreign key: the record outlives the person's account.
  actor_id uuid,
  -- When it was said; a text that comes late was said earlier than it was written down.
  at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, contact_id)
    references public.contacts (workspace_id, id) on delete cascade,
  check ((source = 'agent') = (actor_id is not null))
);

create index contact_consents_contact_idx
  on public.contact_consents (workspace_id, contact_id, at desc, id desc);

-- Only deleting the contact removes its records; merging two contacts hands them on.
create function private.keep_contact_consents() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'DELETE' then
    if not exists (
      select from public.contacts where workspace_id = old.workspace_id and id = old.contact_id
    ) then
      return old;
    end if;
  elsif to_jsonb(new) - 'contact_id' = to_jsonb(old) - 'contact_id' then
    return new;
  end if;
  raise exception 'the record of consent is append-only' using errcode = '42501';
end
$$;
create trigger contact_consents_append_only before update or delete on public.contact_consents
  for each row execute function private.keep_contact_consents();

alter table public.contact_consents enable row level security;
revoke all on public.contact_consents from public, anon, authenticated;
grant select on public.contact_consents to authenticated;
grant all on public.contact_consents to service_role;

create policy "members read their contacts' consent" on public.contact_consents
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));

-- What holds a contact opted out: `customer` when they, or the carrier, said so
-- since they last opted in; `agent` when only an agent did; null when nothing does.
create function private.opt_out_holder(ws uuid, contact uuid) returns text
language sql stable set search_path = ''
as $$
  select case
    when c.opted_out_at is null then null
    when exists (
      select from public.contact_consents k
      where k.workspace_id = ws and k.contact_id = contact
        and k.action = 'opted_out' and k.source <> 'agent'
        and k.at > coalesce((
          select max(i.at) from public.contact_consents i
          where i.workspace_id = ws and i.contact_id = contact and i.action = 'opted_in'
        ), '-infinity')
    ) then 'customer'
    when exists (
      select from public.contact_consents k
      where k.workspace_id = ws and k.contact_id = contact
        and k.action = 'opted_out' and k.source = 'agent'
        and k.at > coalesce((
          select max(i.at) from public.contact_consents i
          where i.workspace_id = ws and i.contact_id = contact and i.action = 'opted_in'
        ), '-infinity')
    ) then 'agent'
    -- Opted out before there was a record: then only the customer can have said so.
    else 'customer'
  end
  from public.contacts c where c.workspace_id = ws and c.id = contact
$$;

-- An agent's word for a customer who asked in their own words to be left alone.
-- Texts to them that have not left are called off. False when there is no such contact.
create function private.mark_opted_out(ws uuid, contact uuid, reason text) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  if auth.uid() is null or not private.caller_belongs_to(ws) then
    raise exception 'not a member of this workspace' using errcode = '42501';
  end if;
  update public.contacts set opted_out_at = coalesce(opted_out_at, now())
  where workspace_id = ws and id = contact;
  if not found then
    return false;
  end if;
  insert into public.contact_consents (workspace_id, contact_id, action, source, note, actor_id, at)
  values (ws, contact, 'opted_out', 'agent', reason, auth.uid(), clock_timestamp());
  return true;
end
$$;

-- Takes back what agents marked, never what the customer said. False when that can't be.
create function private.undo_opt_out(ws uuid, contact uuid, reason text) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  if auth.uid() is null or not private.caller_belongs_to(ws) then
    raise exception 'not a member of this workspace' using errcode = '42501';
  end if;
  -- The lock comes first: a STOP that is just arriving is then either seen or comes next.
  perform from public.contacts where workspace_id = ws and id = contact for update;
  if private.opt_out_holder(ws, contact) is distinct from 'agent' then
    return false;
  end if;
  update public.contacts set opted_out_at = null where workspace_id = ws and id = contact;
  insert into public.contact_consents (workspace_id, contact_id, action, source, note, actor_id, at)
  values (ws, contact, 'opted_in', 'agent', reason, auth.uid(), clock_timestamp());
  return true;
end
$$;

-- Calls off what waits for a contact who has opted out, and names it; nothing for anyone else.
create function private.cancel_waiting_texts(ws uuid, contact uuid, code integer, reason text)
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
        where c.workspace_id = ws and c.id = contact and c.opted_out_at is not null
      )
    returning m.id;
end
$$;

revoke execute on function
  private.keep_contact_consents(),
  private.opt_out_holder(uuid, uuid),
  private.mark_opted_out(uuid, uuid, text),
  private.undo_opt_out(uuid, uuid, text),
  private.cancel_waiting_texts(uuid, uuid, integer, text)
  from public, anon, authenticated;
grant execute on function
  private.opt_out_holder(uuid, uuid),
  private.mark_opted_out(uuid, uuid, text),
  private.undo_opt_out(uuid, uuid, text),
  private.cancel_waiting_texts(uuid, uuid, integer, text)
  to authenticated, service_role;

-- Those who had opted out before there was this record.
insert into public.contact_consents (workspace_id, contact_id, action, source, note, at)
select workspace_id, id, 'opted_out', 'keyword', null, opted_out_at
from public.contacts where opted_out_at is not null;
