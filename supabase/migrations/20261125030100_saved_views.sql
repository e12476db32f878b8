-- A saved view is a list of conversations that is kept under a name, by one person or for everyone.

create table public.saved_views (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  -- Whose it is; null for everyone's.
  owner_id uuid,
  created_by uuid references auth.users (id) on delete set null,
  name text not null check (length(btrim(name)) between 1 and 60),
  view text not null check (view in (
    'mine', 'unassigned', 'open', 'unread', 'snoozed', 'done', 'blocked'
  )),
  sort text not null check (sort in ('recent', 'waiting')),
  -- No foreign keys: a view of a tag or a member that is gone finds nothing and stays.
  tag_id uuid,
  assigned_to uuid,
  line text,
  status text check (status in ('Open', 'Pending', 'Done')),
  is_unread boolean not null default false,
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, owner_id)
    references public.workspace_members (workspace_id, user_id) on delete cascade
);

create index saved_views_owner_idx on public.saved_views (workspace_id, owner_id);
create index saved_views_created_by_idx on public.saved_views (created_by);

create trigger saved_views_updated_at before update on public.saved_views
  for each row execute function private.set_updated_at();
create trigger saved_views_keep_workspace before update on public.saved_views
  for each row execute function private.keep_workspace();

alter table public.saved_views enable row level security;
revoke all on public.saved_views from public, anon, authenticated;
grant
  select, delete,
  insert (
    id, workspace_id, owner_id, created_by, name, view, sort, tag_id, assigned_to, line, status,
    is_unread, position
  ),
  update (name, owner_id, position)
  on public.saved_views to authenticated;
grant all on public.saved_views to service_role;

create policy "members read their own and everyone's views" on public.saved_views
  for select to authenticated
  using (
    workspace_id = any (array(select private.my_workspaces()))
    and (owner_id is null or owner_id = (select auth.uid()))
  );
create policy "members save views in their own name" on public.saved_views
  for insert to authenticated
  with check (
    workspace_id = any (array(select private.my_workspaces()))
    and created_by = (select auth.uid())
    and (owner_id is null or owner_id = (select auth.uid()))
  );
create policy "members change what they saved, admins everyone's" on public.saved_views
  for update to authenticated
  using (
    workspace_id = any (array(select private.my_workspaces()))
    and (
      owner_id = (select auth.uid())
      or (owner_id is null and (
        created_by = (select auth.uid())
        or workspace_id = any (array(select private.my_admin_workspaces()))
      ))
    )
  )
  with check (
    workspace_id = any (array(select private.my_workspaces()))
    and (owner_id is null or owner_id = (select auth.uid()))
  );
create policy "members remove what they saved, admins everyone's" on public.saved_views
  for delete to authenticated
  using (
    workspace_id = any (array(select private.my_workspaces()))
    and (
      owner_id = (select auth.uid())
      or (owner_id is null and (
        created_by = (select auth.uid())
        or workspace_id = any (array(select private.my_admin_workspaces()))
      ))
    )
  );

-- The key under which a contact counts in a saved view; null when it is not in it.
-- `views` are those of `private.list_contact_views`. `fitsFilter` of the contract
-- says the same.
create function private.saved_view_key(v public.saved_views, c public.contacts, views text[])
returns text
language sql immutable set search_path = ''
as $$
  select 'saved:' || v.id || case when v.view = 'mine' then ':' || c.assigned_to else '' end
  where (case when v.view = 'mine' then 'mine:' || c.assigned_to else v.view end) = any (views)
    and (v.tag_id is null or v.tag_id = any (c.tag_ids))
    and (v.assigned_to is null or v.assigned_to = c.assigned_to)
    and (v.line is null or v.line = coalesce(c.our_number, c.preferred_sender))
    and (v.status is null or v.status = c.conversation_status)
    and (not v.is_unread or c.unread_count > 0)
$$;

create function private.list_saved_view_keys(c public.contacts, views text[]) returns text[]
language sql stable set search_path = ''
as $$
  select coalesce(array_agg(found.key order by found.key), '{}')
  from public.saved_views v, private.saved_view_key(v, c, views) as found (key)
  where v.workspace_id = c.workspace_id and found.key is not null
$$;

create function private.count_changes(was text[], is_now text[]) returns jsonb
language sql immutable set search_path = ''
as $$
  select coalesce(jsonb_object_agg(each.view, each.n), '{}')
  from (
    select changes.view, sum(changes.n) as n
    from (select unnest(was) as view, -1 as n union all select unnest(is_now), 1) changes
    group by changes.view
  ) each
  where each.n <> 0
$$;

-- Whoever changes a contact shares this lock and whoever adds or removes a view
-- has it alone, so that a change either sees the view or is seen by its first count.
create function private.saved_views_lock(ws uuid) returns bigint
language sql immutable set search_path = ''
as $$ select hashtextextended('saved_views ' || ws, 0) $$;

create or replace function private.note_contact_change() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  ws uuid := coalesce(new.workspace_id, old.workspace_id);
  was text[] := '{}';
  is_now text[] := '{}';
  on_old_line public.contacts;
  tag record;
begin
  perform pg_advisory_xact_lock_shared(private.saved_views_lock(ws));
  if tg_op <> 'INSERT' then
    was := private.list_contact_views(old);
    was := was || private.list_saved_view_keys(old, was);
  end if;
  if tg_op <> 'DELETE' then
    on_old_line := new;
    if tg_op = 'UPDATE' then
      -- What another line changes is counted by `private.note_line_change`.
      on_old_line.our_number := old.our_number;
      on_old_line.preferred_sender := old.preferred_sender;
    end if;
    is_now := private.list_contact_views(on_old_line);
    is_now := is_now || private.list_saved_view_keys(on_old_line, is_now);
  end if;
  if was <> is_now then
    perform private.keep_for_event(ws, private.count_changes(was, is_now), '[]');
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

create function private.note_line_change() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  views text[] := private.list_contact_views(new);
  on_old_line public.contacts := new;
  was text[];
  is_now text[];
begin
  perform pg_advisory_xact_lock_shared(private.saved_views_lock(new.workspace_id));
  on_old_line.our_number := old.our_number;
  on_old_line.preferred_sender := old.preferred_sender;
  was := private.list_saved_view_keys(on_old_line, views);
  is_now := private.list_saved_view_keys(new, views);
  if was <> is_now then
    perform private.keep_for_event(new.workspace_id, private.count_changes(was, is_now), '[]');
  end if;
  return null;
end
$$;
create trigger contacts_note_line after update on public.contacts
  for each row when (
    (old.our_number, old.preferred_sender) is distinct from (new.our_number, new.preferred_sender)
  )
  execute function private.note_line_change();

-- A view that is new is counted once, and one that is gone is counted no more.
create function private.count_saved_view() returns trigger
language plpgsql security definer set search_path = ''
as $$
declare
  ws uuid := coalesce(new.workspace_id, old.workspace_id);
  counts jsonb;
begin
  perform pg_advisory_xact_lock(private.saved_views_lock(ws));
  if tg_op = 'INSERT' then
    select jsonb_object_agg(counted.key, counted.n) into counts
    from (
      select found.key, count(*) as n
      from public.contacts c,
        private.saved_view_key(new, c, private.list_contact_views(c)) as found (key)
      where c.workspace_id = ws and found.key is not null
      group by found.key
    ) counted;
  else
    select jsonb_object_agg(counted.key, -counted.value::integer) into counts
    from public.workspace_streams s, jsonb_each_text(s.view_counts) counted
    where s.workspace_id = ws and counted.key like 'saved:' || old.id || '%';
  end if;
  if counts is not null then
    perform private.keep_for_event(ws, counts, '[]');
  end if;
  return null;
end
$$;
create trigger saved_views_count after insert or delete on public.saved_views
  for each row execute function private.count_saved_view();
create constraint trigger saved_views_count_untold
  after insert or delete on public.saved_views
  deferrable initially deferred
  for each row execute function private.count_untold();

create or replace function private.recount_views(ws uuid) returns jsonb
language sql stable set search_path = ''
as $$
  select coalesce(jsonb_object_agg(counted.key, counted.n), '{}')
  from (
    select key, count(*) as n
    from public.contacts c,
      private.list_contact_views(c) as views,
      unnest(views || private.list_saved_view_keys(c, views)) as key
    where c.workspace_id = ws
    group by key
    union all
    select 'mentions:' || m.user_id, count(*)
    from public.note_mentions m
    where m.workspace_id = ws and m.read_at is null
    group by m.user_id
  ) counted
$$;

revoke execute on function
  private.saved_view_key(public.saved_views, public.contacts, text[]),
  private.list_saved_view_keys(public.contacts, text[]), private.count_changes(text[], text[]),
  private.saved_views_lock(uuid), private.note_line_change(), private.count_saved_view()
from public, anon, authenticated;
