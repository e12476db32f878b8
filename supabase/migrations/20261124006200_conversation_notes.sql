-- A note is what agents write to each other in a conversation; no customer ever gets it.

create table public.conversation_notes (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  contact_id uuid not null,
  author_id uuid references auth.users (id) on delete set null,
  body text not null check (length(body) between 1 and 5000),
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  edited_at timestamptz,
  updated_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, contact_id)
    references public.contacts (workspace_id, id) on delete cascade
);

create index conversation_notes_thread_idx
  on public.conversation_notes (workspace_id, contact_id, created_at desc, id desc);

create trigger conversation_notes_updated_at before update on public.conversation_notes
  for each row execute function private.set_updated_at();
create trigger conversation_notes_keep_workspace before update on public.conversation_notes
  for each row execute function private.keep_workspace();

alter table public.conversation_notes enable row level security;
revoke all on public.conversation_notes from public, anon, authenticated;
grant
  select, insert (id, workspace_id, contact_id, author_id, body), update (body, edited_at), delete
  on public.conversation_notes to authenticated;
grant all on public.conversation_notes to service_role;

create policy "members read their notes" on public.conversation_notes
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
create policy "members write notes in their own name" on public.conversation_notes
  for insert to authenticated
  with check (
    workspace_id = any (array(select private.my_workspaces()))
    and author_id = (select auth.uid())
  );
create policy "members change their own notes" on public.conversation_notes
  for update to authenticated
  using (
    workspace_id = any (array(select private.my_workspaces()))
    and author_id = (select auth.uid())
  )
  with check (
    workspace_id = any (array(select private.my_workspaces()))
    and author_id = (select auth.uid())
  );
create policy "members remove their own notes" on public.conversation_notes
  for delete to authenticated
  using (
    workspace_id = any (array(select private.my_workspaces()))
    and author_id = (select auth.uid())
  );

-- Whom a note calls, and whether they have seen it.
create table public.note_mentions (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  note_id uuid not null,
  user_id uuid not null,
  read_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (workspace_id, note_id, user_id),
  foreign key (workspace_id, note_id)
    references public.conversation_notes (workspace_id, id) on delete cascade,
  foreign key (workspace_id, user_id)
    references public.workspace_members (workspace_id, user_id) on delete cascade
);

create index note_mentions_user_idx
  on public.note_mentions (workspace_id, user_id, created_at desc, note_id desc);

create trigger note_mentions_keep_workspace before update on public.note_mentions
  for each row execute function private.keep_workspace();

create function private.wrote_note(ws uuid, note uuid) returns boolean
language sql stable security definer set search_path = ''
as $$
  select exists (
    select from public.conversation_notes
    where workspace_id = ws and id = note and author_id = auth.uid()
  )
$$;
revoke execute on function private.wrote_note(uuid, uuid) from public, anon, authenticated;
grant execute on function private.wrote_note(uuid, uuid) to authenticated, service_role;

alter table public.note_mentions enable row level security;
revoke all on public.note_mentions from public, anon, authenticated;
grant select, insert (workspace_id, note_id, user_id), update (read_at), delete
  on public.note_mentions to authenticated;
grant all on public.note_mentions to service_role;

create policy "members read who was mentioned" on public.note_mentions
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
create policy "authors mention in their own notes" on public.note_mentions
  for insert to authenticated
  with check (
    workspace_id = any (array(select private.my_workspaces()))
    and private.wrote_note(workspace_id, note_id)
  );
create policy "members read what calls them" on public.note_mentions
  for update to authenticated
  using (
    workspace_id = any (array(select private.my_workspaces())) and user_id = (select auth.uid())
  )
  with check (
    workspace_id = any (array(select private.my_workspaces())) and user_id = (select auth.uid())
  );
create policy "authors take their mentions back" on public.note_mentions
  for delete to authenticated
  using (
    workspace_id = any (array(select private.my_workspaces()))
    and private.wrote_note(workspace_id, note_id)
  );

-- What was a removed person's is nobody's again, and nothing calls them any more.
create function private.unassign_member(ws uuid, member uuid) returns void
language plpgsql security definer set search_path = ''
as $$
begin
  if not private.caller_belongs_to(ws) then
    raise exception 'not a member of this workspace' using errcode = '42501';
  end if;
  perform set_config('livechat.quiet', 'on', true);
  update public.contacts c set assigned_to = null
  where c.workspace_id = ws and c.assigned_to = member;
  perform set_config('livechat.quiet', '', true);
  delete from public.note_mentions m where m.workspace_id = ws and m.user_id = member;
end
$$;
revoke execute on function private.unassign_member(uuid, uuid) from public, anon, authenticated;
grant execute on function private.unassign_member(uuid, uuid) to authenticated, service_role;
