-- A message has an embedding wherever the vector extension exists.

do $$
declare
  home text;
begin
  if exists (select from pg_catalog.pg_available_extensions where name = 'vector') then
    if not exists (select from pg_catalog.pg_extension where extname = 'vector') then
      if exists (select from pg_catalog.pg_namespace where nspname = 'extensions') then
        create extension vector with schema extensions;
      else
        create extension vector;
      end if;
    end if;
    select n.nspname into home
    from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
    where e.extname = 'vector';
    execute format('alter table public.messages add column embedding %I.vector(1536)', home);
  end if;
exception
  when insufficient_privilege or undefined_file then
    raise notice 'no embeddings here: %', sqlerrm;
end
$$;
