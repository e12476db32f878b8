-- A tag is a word that the workspace's people sort conversations by.

create table public.tags (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  name text not null check (length(btrim(name)) between 1 and 50),
  colour text not null default 'gray' check (colour in (
    'gray', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink'
  )),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id)
);

create unique index tags_name_idx on public.tags (workspace_id, lower(name));

create trigger tags_updated_at before update on public.tags
  for each row execute function private.set_updated_at();
create trigger tags_keep_workspace before update on public.tags
  for each row execute function private.keep_workspace();

alter table public.tags enable row level security;
revoke all on public.tags from public, anon, authenticated;
grant select, insert (id, workspace_id, name, colour), update (name, colour), delete
  on public.tags to authenticated;
grant all on public.tags to service_role;

create policy "members read their tags" on public.tags
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
create policy "admins add tags" on public.tags
  for insert to authenticated
  with check (workspace_id = any (array(select private.my_admin_workspaces())));
create policy "admins change tags" on public.tags
  for update to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())))
  with check (workspace_id = any (array(select private.my_admin_workspaces())));
create policy "admins remove tags" on public.tags
  for delete to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())));

-- In the contact's own row, so that a page of the list needs no second look.
alter table public.contacts
  add column tag_ids uuid[] not null default '{}' check (cardinality(tag_ids) <= 20);
create index contacts_tags_idx on public.contacts using gin (tag_ids) where tag_ids <> '{}';
grant update (tag_ids) on public.contacts to authenticated;

-- A contact wears tags of its own workspace only, each once.
create function private.check_tags() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  known integer;
begin
  perform from public.tags t
  where t.workspace_id = new.workspace_id and t.id = any (new.tag_ids) for key share;
  select count(*) into known from public.tags t
  where t.workspace_id = new.workspace_id and t.id = any (new.tag_ids);
  if known <> cardinality(new.tag_ids) then
    raise exception 'a tag is not of this workspace' using errcode = '23503';
  end if;
  return new;
end
$$;
create trigger contacts_check_tags before update of tag_ids on public.contacts
  for each row when (new.tag_ids <> old.tag_ids and new.tag_ids <> '{}')
  execute function private.check_tags();
create trigger contacts_check_first_tags before insert on public.contacts
  for each row when (new.tag_ids <> '{}')
  execute function private.check_tags();

-- A change of very many rows at once is told by one event: it leaves their times as they are.
drop trigger contacts_updated_at on public.contacts;
create trigger contacts_updated_at before update on public.contacts
  for each row when (coalesce(current_setting('livechat.quiet', true), '') <> 'on')
  execute function private.set_updated_at();

create function private.take_tag_off() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  perform set_config('livechat.quiet', 'on', true);
  update public.contacts c set tag_ids = array_remove(c.tag_ids, old.id)
  where c.workspace_id = old.workspace_id and c.tag_ids <> '{}' and c.tag_ids @> array[old.id];
  perform set_config('livechat.quiet', '', true);
  return null;
end
$$;
create trigger tags_take_off after delete on public.tags
  for each row execute function private.take_tag_off();

revoke execute on function private.check_tags(), private.take_tag_off()
from public, anon, authenticated;
