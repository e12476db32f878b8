-- What people did to a workspace is written down and never rewritten.

create table public.audit_log (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  -- No foreign key: the record outlives the person's account.
  actor_id uuid,
  action text not null check (length(action) between 1 and 100),
  target text,
  details jsonb not null default '{}',
  created_at timestamptz not null default now()
);

create index audit_log_workspace_idx on public.audit_log (workspace_id, created_at desc, id desc);

-- Only deleting the whole workspace removes its records.
create function private.keep_audit_log() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if tg_op = 'DELETE' and not exists (
    select from public.workspaces where id = old.workspace_id
  ) then
    return old;
  end if;
  raise exception 'the audit log is append-only' using errcode = '42501';
end
$$;
create trigger audit_log_append_only before update or delete on public.audit_log
  for each row execute function private.keep_audit_log();

create function private.append_audit(ws uuid, action text, target text, details jsonb)
returns uuid
language plpgsql security definer set search_path = ''
as $$
declare
  new_id uuid;
begin
  if not private.caller_belongs_to(ws) then
    raise exception 'not a member of this workspace' using errcode = '42501';
  end if;
  insert into public.audit_log (workspace_id, actor_id, action, target, details)
  values (
    ws, auth.uid(), append_audit.action, append_audit.target,
    coalesce(append_audit.details, '{}'::jsonb)
  )
  returning id into new_id;
  return new_id;
end
$$;
revoke execute on function
  private.keep_audit_log(), private.append_audit(uuid, text, text, jsonb)
  from public, anon, authenticated;
grant execute on function private.append_audit(uuid, text, text, jsonb)
  to authenticated, service_role;

alter table public.audit_log enable row level security;
revoke all on public.audit_log from public, anon, authenticated;
grant select on public.audit_log to authenticated;
grant select, insert on public.audit_log to service_role;

create policy "admins read their audit log" on public.audit_log
  for select to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())));
