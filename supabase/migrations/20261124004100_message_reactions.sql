-- A reaction is a text that a phone wrote about another text, kept word for word and shown on that one.

create table public.message_reactions (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  message_id uuid not null,
  emoji text not null check (length(emoji) between 1 and 64),
  is_removal boolean not null default false,
  -- As it came; nothing a customer sent is ever lost.
  content text not null,
  twilio_sid text not null,
  from_number text not null,
  to_number text not null,
  -- When the carrier received it.
  at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  unique (workspace_id, twilio_sid),
  unique (workspace_id, id),
  foreign key (workspace_id, message_id)
    references public.messages (workspace_id, id) on delete cascade
);

create index message_reactions_message_idx
  on public.message_reactions (workspace_id, message_id, at, id);

create trigger message_reactions_keep_workspace before update on public.message_reactions
  for each row execute function private.keep_workspace();

alter table public.message_reactions enable row level security;
revoke all on public.message_reactions from public, anon, authenticated;
grant select on public.message_reactions to authenticated;
grant all on public.message_reactions to service_role;

create policy "members read their messages' reactions" on public.message_reactions
  for select to authenticated
  using (workspace_id = any (array(select private.my_workspaces())));

-- The reactions that hold, beside the text, so that whatever reads a message has them.
alter table public.messages add column reactions jsonb not null default '[]';
