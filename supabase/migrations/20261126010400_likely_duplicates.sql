-- Contacts that are likely one person are found by the same e-mail, or the same name, until people say otherwise.

create table public.contact_distinctions (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  -- The two that were said to be different people, the smaller id first.
  contact_id uuid not null,
  other_id uuid not null,
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, contact_id, other_id),
  check (contact_id < other_id),
  foreign key (workspace_id, contact_id)
    references public.contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, other_id)
    references public.contacts (workspace_id, id) on delete cascade
);
create index contact_distinctions_other_idx
  on public.contact_distinctions (workspace_id, other_id);

create trigger contact_distinctions_keep_workspace before update on public.contact_distinctions
  for each row execute function private.keep_workspace();

alter table public.contact_distinctions enable row level security;
revoke all on public.contact_distinctions from public, anon, authenticated;
grant select, insert (workspace_id, contact_id, other_id, created_by), delete
  on public.contact_distinctions to authenticated;
grant all on public.contact_distinctions to service_role;

create policy "members read who is not the same" on public.contact_distinctions
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
create policy "members tell people apart in their own name" on public.contact_distinctions
  for insert to authenticated
  with check (
    workspace_id = any (array(select private.my_workspaces()))
    and created_by = (select auth.uid())
  );
create policy "members take that back" on public.contact_distinctions
  for delete to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));

-- Beside what is searched, so that a text that arrives passes through none of it.
alter table private.contact_search
  add column email_key text,
  add column name_key text,
  add column company_key text;
create index contact_search_email_idx on private.contact_search (workspace_id, email_key)
  where email_key is not null;
create index contact_search_name_idx on private.contact_search (workspace_id, name_key)
  where name_key is not null;

-- Whoever speaks for several numbers is found by each of them; a card that is merged, by none.
create or replace function private.index_contact() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if new.merged_into is not null then
    delete from private.contact_search
    where workspace_id = new.workspace_id and contact_id = new.id;
    return null;
  end if;
  insert into private.contact_search
    (workspace_id, contact_id, content, email_key, name_key, company_key)
  values (
    new.workspace_id, new.id,
    private.contact_text(
      new.name, new.email, new.company,
      new.phone_number || coalesce((
        select string_agg(' ' || (card ->> 'phoneNumber'), '')
        from jsonb_array_elements(new.other_numbers) card
      ), ''),
      new.about, new.custom_fields
    ),
    lower(btrim(new.email)),
    -- One name alone is borne by many.
    nullif(substring(private.fold_text(regexp_replace(btrim(new.name), '\s+', ' ', 'g'))
      from '^\S+ .+$'), ''),
    nullif(private.fold_text(btrim(new.company)), '')
  )
  on conflict (workspace_id, contact_id) do update
  set content = excluded.content, email_key = excluded.email_key,
    name_key = excluded.name_key, company_key = excluded.company_key
  where (contact_search.content, contact_search.email_key, contact_search.name_key,
      contact_search.company_key)
    is distinct from (excluded.content, excluded.email_key, excluded.name_key, excluded.company_key);
  return null;
end
$$;
drop trigger contacts_index on public.contacts;
create trigger contacts_index
  after insert or update of
    name, email, company, phone_number, about, custom_fields, other_numbers, merged_into
  on public.contacts
  for each row execute function private.index_contact();

update private.contact_search s
set email_key = lower(btrim(c.email)),
  name_key = nullif(substring(private.fold_text(regexp_replace(btrim(c.name), '\s+', ' ', 'g'))
    from '^\S+ .+$'), ''),
  company_key = nullif(private.fold_text(btrim(c.company)), '')
from public.contacts c
where c.workspace_id = s.workspace_id and c.id = s.contact_id
  and (c.email is not null or c.name is not null);

-- Contacts that are likely the same as this one, or, without one, pairs of the whole workspace:
-- each with the first of those that share an e-mail or a name. Different companies part a name.
create function private.find_duplicates(ws uuid, of_contact uuid, max_rows integer)
returns table (contact_id uuid, other_id uuid, reason text)
language plpgsql stable security definer set search_path = ''
as $$
begin
  if not exists (select from private.my_workspaces() as mine where mine = ws) then
    return;
  end if;
  return query
    with known as not materialized (
      select s.* from private.contact_search s
      join public.contacts c on c.workspace_id = s.workspace_id and c.id = s.contact_id
      where s.workspace_id = ws and c.deleted_at is null and c.merged_into is null
    ),
    alike as (
      select one.contact_id as a, other.contact_id as b, 'email' as why
      from known one
      join known other on other.email_key = one.email_key and other.contact_id <> one.contact_id
      where of_contact is not null and one.contact_id = of_contact
      union all
      select one.contact_id, other.contact_id,
        case when one.company_key = other.company_key then 'name_and_company' else 'name' end
      from known one
      join known other on other.name_key = one.name_key and other.contact_id <> one.contact_id
      where of_contact is not null and one.contact_id = of_contact
        and coalesce(one.company_key = other.company_key, true)
      union all
      select grouped.first_id, grouped.contact_id, 'email'
      from (
        select k.contact_id,
          first_value(k.contact_id) over (partition by k.email_key order by k.contact_id) as first_id
        from known k where of_contact is null and k.email_key is not null
      ) grouped
      where grouped.first_id <> grouped.contact_id
      union all
      select grouped.first_id, grouped.contact_id,
        case when grouped.first_company = grouped.company_key then 'name_and_company' else 'name' end
      from (
        select k.contact_id, k.company_key,
          first_value(k.contact_id) over by_name as first_id,
          first_value(k.company_key) over by_name as first_company
        from known k where of_contact is null and k.name_key is not null
        window by_name as (partition by k.name_key order by k.contact_id)
      ) grouped
      where grouped.first_id <> grouped.contact_id
        and coalesce(grouped.first_company = grouped.company_key, true)
    )
    select found.a, found.b, found.why
    from (
      select distinct on (alike.a, alike.b) alike.a, alike.b, alike.why from alike
      where not exists (
        select from public.contact_distinctions d
        where d.workspace_id = ws and d.contact_id = least(alike.a, alike.b)
          and d.other_id = greatest(alike.a, alike.b)
      )
      order by alike.a, alike.b, alike.why = 'email' desc, alike.why = 'name_and_company' desc
    ) found
    order by found.why = 'email' desc, found.why = 'name_and_company' desc, found.a, found.b
    limit max_rows;
end
$$;
revoke execute on function private.find_duplicates(uuid, uuid, integer)
from public, anon, authenticated;
grant execute on function private.find_duplicates(uuid, uuid, integer) to authenticated;
