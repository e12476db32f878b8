-- A workspace whose sending is paused tries again as soon as its credentials are others.

create function private.try_sending_again() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update public.workspace_sending set probe_at = now()
  where workspace_id = new.workspace_id and paused_at is not null;
  return null;
end
$$;
revoke execute on function private.try_sending_again() from public, anon, authenticated;
create trigger workspace_secrets_try_sending after insert or update on private.workspace_secrets
  for each row execute function private.try_sending_again();
