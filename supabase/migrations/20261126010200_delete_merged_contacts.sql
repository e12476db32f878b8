-- A contact is deleted, and brought back, with every number that it speaks for.

create or replace function private.delete_contact(ws uuid, contact uuid) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  if private.my_role(ws) not in ('owner', 'admin') or private.my_role(ws) is null then
    raise exception 'only an admin deletes a conversation' using errcode = '42501';
  end if;
  perform from public.contacts c where c.workspace_id = ws and c.merged_into = contact
  order by c.id for update;
  perform from public.contacts c
  where c.workspace_id = ws and c.id = contact and c.deleted_at is null and c.merged_into is null
  for update;
  if not found then
    return false;
  end if;
  delete from private.kept_opt_outs k using public.contacts c
  where k.workspace_id = ws and c.workspace_id = ws and (c.id = contact or c.merged_into = contact)
    and c.opted_out_at is null and k.phone_number = c.phone_number;
  insert into private.kept_opt_outs (workspace_id, phone_number, opted_out_at)
  select ws, c.phone_number, c.opted_out_at from public.contacts c
  where c.workspace_id = ws and (c.id = contact or c.merged_into = contact)
    and c.opted_out_at is not null
  on conflict (workspace_id, phone_number) do update set opted_out_at = excluded.opted_out_at;
  update public.contacts c
  set deleted_at = now(), deleted_phone_number = c.phone_number, phone_number = 'deleted:' || c.id
  where c.workspace_id = ws and c.merged_into = contact;
  update public.contacts c
  set deleted_at = now(), deleted_phone_number = c.phone_number, phone_number = 'deleted:' || c.id
  where c.workspace_id = ws and c.id = contact;
  return true;
end
$$;

create or replace function private.restore_contact(ws uuid, contact uuid) returns text
language plpgsql security definer set search_path = ''
as $$
begin
  if private.my_role(ws) not in ('owner', 'admin') or private.my_role(ws) is null then
    raise exception 'only an admin restores a conversation' using errcode = '42501';
  end if;
  perform from public.contacts c where c.workspace_id = ws and c.merged_into = contact
  order by c.id for update;
  perform from public.contacts c
  where c.workspace_id = ws and c.id = contact and c.deleted_at is not null
    and c.merged_into is null
  for update;
  if not found then
    return 'missing';
  end if;
  if exists (
    select from public.contacts gone
    join public.contacts c
      on c.workspace_id = ws and c.phone_number = gone.deleted_phone_number
    where gone.workspace_id = ws and (gone.id = contact or gone.merged_into = contact)
  ) then
    return 'taken';
  end if;
  update public.contacts c
  set deleted_at = null, deleted_phone_number = null, phone_number = c.deleted_phone_number
  where c.workspace_id = ws and c.merged_into = contact;
  update public.contacts c
  set deleted_at = null, deleted_phone_number = null, phone_number = c.deleted_phone_number
  where c.workspace_id = ws and c.id = contact;
  return 'restored';
end
$$;

-- The line of a merge names the other number, which is forgotten with its contact.
create function private.forget_merge(payload jsonb) returns jsonb
language sql immutable set search_path = ''
as $$
  select case
    when payload ? 'activities' then payload || jsonb_build_object('activities', (
      select coalesce(jsonb_agg(
        line || jsonb_build_object('detail', (line -> 'detail') - 'phoneNumber' - 'contactName')
      ), '[]')
      from jsonb_array_elements(payload -> 'activities') line
    ))
    else payload
  end
$$;
revoke execute on function private.forget_merge(jsonb) from public, anon, authenticated;

create or replace function private.forget_contact(payload jsonb) returns jsonb
language sql immutable set search_path = ''
as $$
  select private.forget_merge(payload
    || case when payload ? 'contact' then jsonb_build_object('contact', payload -> 'contact' || '{
         "phoneNumber": "deleted", "otherNumbers": [], "name": null, "email": null,
         "company": null, "about": null, "customFields": {}, "lastMessage": null
       }') else '{}' end
    || case when payload ? 'message' then jsonb_build_object('message', payload -> 'message' || '{
         "content": "", "media": [], "fromNumber": null, "toNumber": null
       }') else '{}' end
    || case when payload ? 'note'
         then jsonb_build_object('note', payload -> 'note' || '{"body": "deleted"}') else '{}' end)
$$;
