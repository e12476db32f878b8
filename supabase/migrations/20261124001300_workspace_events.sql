-- Every change in a workspace has a number, in commit order and without a gap.

create table public.workspace_streams (
  workspace_id uuid primary key references public.workspaces (id) on delete cascade,
  epoch uuid not null default gen_random_uuid(),
  last_seq bigint not null default 0 check (last_seq >= 0)
) with (fillfactor = 50);

create table public.workspace_events (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  seq bigint not null check (seq > 0),
  type text not null check (length(type) between 1 and 100),
  payload jsonb not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, seq)
);

create index workspace_events_created_at_idx on public.workspace_events (created_at);

create trigger workspace_streams_keep_workspace before update on public.workspace_streams
  for each row execute function private.keep_workspace();
create trigger workspace_events_keep_workspace before update on public.workspace_events
  for each row execute function private.keep_workspace();

create function private.open_workspace_stream() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into public.workspace_streams (workspace_id) values (new.id);
  return null;
end
$$;
revoke execute on function private.open_workspace_stream() from public, anon, authenticated;
create trigger workspaces_open_stream after insert on public.workspaces
  for each row execute function private.open_workspace_stream();

-- Call it last in the transaction: the counter row stays locked until commit,
-- which is what makes the order of numbers the order of commits.
create function private.append_workspace_event(ws uuid, type text, payload jsonb) returns bigint
language plpgsql security definer set search_path = ''
as $$
declare
  next_seq bigint;
begin
  if not private.caller_belongs_to(ws) then
    raise exception 'not a member of this workspace' using errcode = '42501';
  end if;
  update public.workspace_streams set last_seq = last_seq + 1
  where workspace_id = ws
  returning last_seq into next_seq;
  if next_seq is null then
    raise exception 'no such workspace' using errcode = '23503';
  end if;
  insert into public.workspace_events (workspace_id, seq, type, payload)
  values (ws, next_seq, append_workspace_event.type, append_workspace_event.payload);
  return next_seq;
end
$$;
revoke execute on function private.append_workspace_event(uuid, text, jsonb)
  from public, anon, authenticated;
grant execute on function private.append_workspace_event(uuid, text, jsonb)
  to authenticated, service_role;

alter table public.workspace_streams enable row level security;
alter table public.workspace_events enable row level security;
revoke all on public.workspace_streams, public.workspace_events from public, anon, authenticated;
grant select on public.workspace_streams, public.workspace_events to authenticated;
grant all on public.workspace_streams, public.workspace_events to service_role;

create policy "members read their stream's head" on public.workspace_streams
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
create policy "members read their events" on public.workspace_events
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));
