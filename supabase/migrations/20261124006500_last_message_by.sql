-- The list says who of the team wrote last.

alter table public.contacts
  add column last_message_by uuid references auth.users (id) on delete set null;
grant update (last_message_by) on public.contacts to authenticated;

update public.contacts c set last_message_by = (
  select m.created_by from public.messages m
  where m.workspace_id = c.workspace_id and m.contact_id = c.id
  order by m.created_at desc, m.id desc limit 1
)
where c.last_message_direction = 'outbound';
