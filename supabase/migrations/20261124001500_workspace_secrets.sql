-- A workspace's secrets are stored encrypted, where no member's request can read them.

create table private.workspace_secrets (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  name text not null check (length(name) between 1 and 100),
  ciphertext bytea not null,
  key_id text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, name)
);

create trigger workspace_secrets_updated_at before update on private.workspace_secrets
  for each row execute function private.set_updated_at();
create trigger workspace_secrets_keep_workspace before update on private.workspace_secrets
  for each row execute function private.keep_workspace();

-- Row level security without a policy: a grant made by mistake still shows nothing.
alter table private.workspace_secrets enable row level security;
revoke all on private.workspace_secrets from public, anon, authenticated;
grant all on private.workspace_secrets to service_role;

-- An admin's request can write a secret, already encrypted; it can't read one.
create function private.put_workspace_secret(ws uuid, name text, ciphertext bytea, key_id text)
returns void
language plpgsql security definer set search_path = ''
as $$
begin
  if not private.caller_belongs_to(ws)
    or (auth.uid() is not null and private.my_role(ws) not in ('owner', 'admin')) then
    raise exception 'only an admin changes secrets' using errcode = '42501';
  end if;
  insert into private.workspace_secrets as s (workspace_id, name, ciphertext, key_id)
  values (
    ws, put_workspace_secret.name, put_workspace_secret.ciphertext, put_workspace_secret.key_id
  )
  on conflict on constraint workspace_secrets_pkey
  do update set ciphertext = excluded.ciphertext, key_id = excluded.key_id;
end
$$;
revoke execute on function private.put_workspace_secret(uuid, text, bytea, text)
  from public, anon, authenticated;
grant execute on function private.put_workspace_secret(uuid, text, bytea, text)
  to authenticated, service_role;
