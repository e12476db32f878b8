-- A conversation that we begin goes out from the sender that was chosen for it, until the customer writes.

alter table public.contacts
  add column preferred_sender text check (length(preferred_sender) between 3 and 64);
grant insert (preferred_sender), update (preferred_sender) on public.contacts to authenticated;
