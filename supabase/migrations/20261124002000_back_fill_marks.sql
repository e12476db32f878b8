-- How far Twilio's own list of received texts has been compared with ours.

alter table public.workspace_twilio_config
  -- Texts from before belong to whoever had the account then, and are never fetched.
  add column connected_at timestamptz not null default now(),
  -- Everything that Twilio had until then is here.
  add column back_filled_until timestamptz,
  add column back_fill_due_at timestamptz not null default now();

update public.workspace_twilio_config set connected_at = created_at;

create function private.restart_back_fill() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if new.account_sid <> old.account_sid or (new.is_configured and not old.is_configured) then
    new.connected_at := now();
    new.back_filled_until := null;
    new.back_fill_due_at := now();
  end if;
  return new;
end
$$;
revoke execute on function private.restart_back_fill() from public, anon, authenticated;

create trigger workspace_twilio_config_restart_back_fill
  before update on public.workspace_twilio_config
  for each row execute function private.restart_back_fill();
