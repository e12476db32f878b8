-- A database that was put back from a copy is told from the one that the copy was made of.

create table private.database_identity (
  is_only boolean primary key default true check (is_only),
  identity text not null,
  noted_at timestamptz not null default now()
);
alter table private.database_identity enable row level security;
revoke all on private.database_identity from public, anon, authenticated;
