-- What agents noted for each other is found as texts are.

-- The index computes the words as whoever writes the note.
grant execute on function private.fold_text(text), private.to_words(text) to authenticated;

create index conversation_notes_words_idx on public.conversation_notes
  using gin (workspace_id, private.to_words(body));

-- As for texts: the membership first, then one workspace, and ids only.
create function private.search_note_ids(
  ws uuid, query text, before_at timestamptz, before_id uuid, max_rows integer
) returns table (id uuid, created_at timestamptz)
language plpgsql stable security definer set search_path = ''
as $$
begin
  if not exists (select from private.my_workspaces() as mine where mine = ws) then
    return;
  end if;
  return query execute $q$
    select n.id, n.created_at from public.conversation_notes n
    where n.workspace_id = $1
      and private.to_words(n.body) @@ to_tsquery('pg_catalog.simple', private.fold_text($2))
      and ($3 is null or (n.created_at, n.id) < ($3, $4))
    order by n.created_at desc, n.id desc
    limit $5
  $q$ using ws, query, before_at, before_id, max_rows;
end
$$;
revoke execute on function private.search_note_ids(uuid, text, timestamptz, uuid, integer)
  from public, anon, authenticated;
grant execute on function private.search_note_ids(uuid, text, timestamptz, uuid, integer)
  to authenticated;
