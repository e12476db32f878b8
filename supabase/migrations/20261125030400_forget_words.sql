-- A word that no text has any more is known no more.

-- Each word is looked for with its value, as a rare one needs another way than a
-- common one. A text that brings a word back at this moment may find it gone: then
-- the next one that has it makes it known again.
create function private.forget_words(ws uuid, words text[]) returns void
language plpgsql security definer set search_path = ''
as $$
declare
  known text;
  is_used boolean;
begin
  for known in
    select k.word from private.known_words k where k.workspace_id = ws and k.word = any (words)
    order by k.word
  loop
    execute $q$
      select exists (
        select from private.message_search s
        where s.workspace_id = $1 and s.words @@ quote_literal($2)::tsquery
      )
    $q$ into is_used using ws, known;
    if not is_used then
      delete from private.known_words k where k.workspace_id = ws and k.word = known;
    end if;
  end loop;
end
$$;

-- The words of one conversation, for `private.forget_words` once it is gone.
create function private.list_words(ws uuid, contact uuid) returns text[]
language sql stable security definer set search_path = ''
as $$
  select coalesce(array_agg(distinct found.word), '{}')
  from private.message_search s, unnest(tsvector_to_array(s.words)) as found (word)
  where s.workspace_id = ws and s.contact_id = contact
$$;

revoke execute on function private.forget_words(uuid, text[]), private.list_words(uuid, uuid)
from public, anon, authenticated;
