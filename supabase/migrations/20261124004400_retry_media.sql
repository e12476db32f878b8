-- A file that could not be fetched is asked for again when a member says so.

create function private.retry_media(ws uuid, media uuid) returns uuid
language plpgsql security definer set search_path = ''
as $$
declare
  retried uuid;
begin
  if not private.caller_belongs_to(ws) then
    raise exception 'not a member of this workspace' using errcode = '42501';
  end if;
  update public.message_media set state = 'pending'
  where workspace_id = ws and id = media and state = 'failed' and source_url is not null
  returning message_id into retried;
  return retried;
end
$$;
revoke execute on function private.retry_media(uuid, uuid) from public, anon, authenticated;
grant execute on function private.retry_media(uuid, uuid) to authenticated, service_role;
