-- A conversation is on the line that its customer wrote to last.

alter table public.contacts
  -- The number of ours that they wrote to last; null before their first text.
  add column our_number text;

select set_config('livechat.quiet', 'on', true);
update public.contacts c set our_number = last.to_number
from (
  select distinct on (m.workspace_id, m.contact_id) m.workspace_id, m.contact_id, m.to_number
  from public.messages m
  where m.direction = 'inbound' and m.to_number is not null
  order by m.workspace_id, m.contact_id, m.created_at desc, m.id desc
) last
where last.workspace_id = c.workspace_id and last.contact_id = c.id;
set constraints all immediate;
set constraints all deferred;
select set_config('livechat.quiet', '', true);
