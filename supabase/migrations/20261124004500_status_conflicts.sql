-- A text whose reports contradict each other is marked until Twilio's own record has settled it.

alter table public.messages add column needs_check boolean not null default false;
create index messages_needs_check_idx on public.messages (created_at) where needs_check;
