-- An invitation lets one person into one workspace, once, until it expires.

create table public.workspace_invites (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  email text check (length(email) <= 320),
  role text not null default 'agent' check (role in ('admin', 'agent')),
  -- The token itself is never stored.
  token_hash text not null check (length(token_hash) >= 43),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by uuid references auth.users (id) on delete set null,
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, token_hash)
);

create index workspace_invites_token_hash_idx on public.workspace_invites (token_hash);

create trigger workspace_invites_updated_at before update on public.workspace_invites
  for each row execute function private.set_updated_at();
create trigger workspace_invites_keep_workspace before update on public.workspace_invites
  for each row execute function private.keep_workspace();

-- Returns the workspace joined, or null when the invitation is unknown, used or expired.
create function private.accept_invite(hash text) returns uuid
language plpgsql security definer set search_path = ''
as $$
declare
  invite record;
begin
  if auth.uid() is null then
    raise exception 'sign in first' using errcode = '42501';
  end if;
  update public.workspace_invites
  set accepted_at = now(), accepted_by = auth.uid()
  where token_hash = hash and accepted_at is null and expires_at > now()
  returning workspace_id, role into invite;
  if not found then
    return null;
  end if;
  insert into public.workspace_members (workspace_id, user_id, role)
  values (invite.workspace_id, auth.uid(), invite.role)
  on conflict do nothing;
  return invite.workspace_id;
end
$$;
revoke execute on function private.accept_invite(text) from public, anon, authenticated;
grant execute on function private.accept_invite(text) to authenticated, service_role;

alter table public.workspace_invites enable row level security;
revoke all on public.workspace_invites from public, anon, authenticated;
grant select, insert (id, workspace_id, email, role, token_hash, expires_at, created_by), delete
  on public.workspace_invites to authenticated;
grant all on public.workspace_invites to service_role;

create policy "admins read their invitations" on public.workspace_invites
  for select to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())));
create policy "admins invite in their own name" on public.workspace_invites
  for insert to authenticated
  with check (
    workspace_id = any (array(select private.my_admin_workspaces()))
    and created_by = (select auth.uid())
  );
create policy "admins withdraw invitations" on public.workspace_invites
  for delete to authenticated
  using (workspace_id = any (array(select private.my_admin_workspaces())));
