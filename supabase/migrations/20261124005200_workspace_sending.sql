-- Every workspace has one state of sending, and every sender its own pace.

create table public.workspace_sending (
  workspace_id uuid primary key references public.workspaces (id) on delete cascade,
  -- An E.164 number of ours or a Messaging Service's SID; null: the first number that can text.
  default_sender text check (length(default_sender) between 3 and 64),
  -- Since when nothing is sent, because Twilio refuses the account; null while all is well.
  paused_at timestamptz,
  pause_code integer,
  pause_reason text,
  -- How often in a row the account was refused, and when one text may try it again.
  refusals integer not null default 0 check (refusals >= 0),
  probe_at timestamptz,
  updated_at timestamptz not null default now(),
  check ((paused_at is null) = (probe_at is null))
);

create table public.sender_lanes (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  -- As in workspace_sending.default_sender.
  sender text not null check (length(sender) between 3 and 64),
  -- What an admin set; null: by the kind of the sender.
  segments_per_second numeric(8, 2) check (segments_per_second > 0 and segments_per_second <= 1000),
  -- When the last text that was let out is through, at this pace.
  free_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, sender)
) with (fillfactor = 70);

create trigger workspace_sending_updated_at before update on public.workspace_sending
  for each row execute function private.set_updated_at();
create trigger workspace_sending_keep_workspace before update on public.workspace_sending
  for each row execute function private.keep_workspace();
create trigger sender_lanes_updated_at before update on public.sender_lanes
  for each row execute function private.set_updated_at();
create trigger sender_lanes_keep_workspace before update on public.sender_lanes
  for each row execute function private.keep_workspace();

create function private.open_workspace_sending() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into public.workspace_sending (workspace_id) values (new.id);
  return null;
end
$$;
revoke execute on function private.open_workspace_sending() from public, anon, authenticated;
create trigger workspaces_open_sending after insert on public.workspaces
  for each row execute function private.open_workspace_sending();
insert into public.workspace_sending (workspace_id) select id from public.workspaces;

alter table public.workspace_sending enable row level security;
alter table public.sender_lanes enable row level security;
revoke all on public.workspace_sending, public.sender_lanes from public, anon, authenticated;
grant select, update (default_sender) on public.workspace_sending to authenticated;
grant select, insert (workspace_id, sender, segments_per_second), update (segments_per_second)
  on public.sender_lanes to authenticated;
grant all on public.workspace_sending, public.sender_lanes to service_role;

create policy "members read the state of sending" on public.workspace_sending
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
create policy "admins choose the default sender" on public.workspace_sending
  for update to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())))
  with check (workspace_id = any (array(select private.my_admin_workspaces())));
create policy "members read their senders' pace" on public.sender_lanes
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
create policy "admins pace their senders" on public.sender_lanes
  for insert to authenticated
  with check (workspace_id = any (array(select private.my_admin_workspaces())));
create policy "admins change their senders' pace" on public.sender_lanes
  for update to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())))
  with check (workspace_id = any (array(select private.my_admin_workspaces())));

-- Lets the next text try the account at once; true when sending was paused.
create function private.resume_sending(ws uuid) returns boolean
language plpgsql security definer set search_path = ''
as $$
begin
  if not private.caller_belongs_to(ws) then
    raise exception 'not a member of this workspace' using errcode = '42501';
  end if;
  update public.workspace_sending set probe_at = now()
  where workspace_id = ws and paused_at is not null;
  return found;
end
$$;
revoke execute on function private.resume_sending(uuid) from public, anon, authenticated;
grant execute on function private.resume_sending(uuid) to authenticated, service_role;
