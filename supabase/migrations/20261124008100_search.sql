-- Every text and contact of a workspace is found by its words, by their beginnings and despite a typo.

create schema if not exists extensions;
grant usage on schema extensions to anon, authenticated, service_role;

-- Both are trusted extensions: the owner of a database may create them. One that
-- someone created elsewhere moves, so that its operators have one name here.
do $$
declare
  needed text;
begin
  foreach needed in array array['pg_trgm', 'btree_gin'] loop
    execute format('create extension if not exists %I with schema extensions', needed);
    if exists (
      select from pg_catalog.pg_extension e
      join pg_catalog.pg_namespace n on n.oid = e.extnamespace
      where e.extname = needed and n.nspname <> 'extensions'
    ) then
      execute format('alter extension %I set schema extensions', needed);
    end if;
  end loop;
end
$$;

-- Small letters without accents: "Zoë" and "ZOE" are the same. ASCII takes the short way.
create function private.fold_text(given text) returns text
language sql immutable parallel safe
as $$
  select lower(case
    when octet_length(given) = length(given) then given
    else translate(
      given,
      'ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝàáâãäåçèéêëìíîïñòóôõöùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎďĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭĮįİĴĵĶķĹĺĻļĽľŃńŅņŇňŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžƠơƯưǍǎǏǐǑǒǓǔǕǖǗǘǙǚǛǜǞǟǠǡǦǧǨǩǪǫǬǭǰǴǵǸǹǺǻȀȁȂȃȄȅȆȇȈȉȊȋȌȍȎȏȐȑȒȓȔȕȖȗȘșȚțȞȟȦȧȨȩȪȫȬȭȮȯȰȱȲȳḀḁḂḃḄḅḆḇḈḉḊḋḌḍḎḏḐḑḒḓḔḕḖḗḘḙḚḛḜḝḞḟḠḡḢḣḤḥḦḧḨḩḪḫḬḭḮḯḰḱḲḳḴḵḶḷḸḹḺḻḼḽḾḿṀṁṂṃṄṅṆṇṈṉṊṋṌṍṎṏṐṑṒṓṔṕṖṗṘṙṚṛṜṝṞṟṠṡṢṣṤṥṦṧṨṩṪṫṬṭṮṯṰṱṲṳṴṵṶṷṸṹṺṻṼṽṾṿẀẁẂẃẄẅẆẇẈẉẊẋẌẍẎẏẐẑẒẓẔẕẖẗẘẙẠạẢảẤấẦầẨẩẪẫẬậẮắẰằẲẳẴẵẶặẸẹẺẻẼẽẾếỀềỂểỄễỆệỈỉỊịỌọỎỏỐốỒồỔổỖỗỘộỚớỜờỞởỠỡỢợỤụỦủỨứỪừỬửỮữỰựỲỳỴỵỶỷỸỹØøŁłĐđ',
      'aaaaaaceeeeiiiinooooouuuuyaaaaaaceeeeiiiinooooouuuuyyaaaaaaccccccccddeeeeeeeeeegggggggghhiiiiiiiiijjkkllllllnnnnnnoooooorrrrrrssssssssttttuuuuuuuuuuuuwwyyyzzzzzzoouuaaiioouuuuuuuuuuaaaaggkkoooojggnnaaaaaaeeeeiiiioooorrrruuuusstthhaaeeooooooooyyaabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyaaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyyoolldd'
    )
  end)
$$;

-- The words of a text. Punctuation parts words, so that a part of an address or a link is found.
create function private.to_words(given text) returns tsvector
language sql immutable parallel safe
as $$
  select to_tsvector('pg_catalog.simple', translate(
    private.fold_text(given),
    '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~',
    '                                '
  ))
$$;

-- Everything that is known of a contact, in one text.
create function private.contact_text(
  name text, email text, company text, phone_number text, about text, custom_fields jsonb
) returns text
language sql immutable parallel safe
as $$
  select private.fold_text(
    coalesce(name, '') || ' ' || phone_number || ' ' || coalesce(email, '') || ' '
    || coalesce(company, '') || ' ' || coalesce(about, '') || ' '
    || coalesce((select string_agg(value, ' ') from jsonb_each_text(custom_fields)), '')
  )
$$;

revoke execute on function
  private.fold_text(text), private.to_words(text),
  private.contact_text(text, text, text, text, text, jsonb)
from public, anon, authenticated;

-- What is searched stands beside what is shown: a text changes its status and a
-- contact its last message far more often than their words, and each such change
-- would otherwise pass through the indexes below again.

create table private.message_search (
  workspace_id uuid not null,
  message_id uuid not null,
  contact_id uuid not null,
  created_at timestamptz not null,
  words tsvector not null,
  primary key (workspace_id, message_id),
  foreign key (workspace_id, message_id)
    references public.messages (workspace_id, id) on delete cascade
);
create index message_search_words_idx on private.message_search
  using gin (workspace_id, contact_id, words);
-- The way to a common word: from the latest text on, instead of all of them and then sorting.
create index message_search_latest_idx
  on private.message_search (workspace_id, created_at desc, message_id desc);

create table private.contact_search (
  workspace_id uuid not null,
  contact_id uuid not null,
  content text not null,
  primary key (workspace_id, contact_id),
  foreign key (workspace_id, contact_id)
    references public.contacts (workspace_id, id) on delete cascade
);
create index contact_search_content_idx on private.contact_search
  using gin (workspace_id, content extensions.gin_trgm_ops);

-- The words that a workspace's texts are made of, which a typo is mended with.
-- Words alone, of letters: no text, no number, and not who wrote them.
create table private.known_words (
  workspace_id uuid not null references public.workspaces (id) on delete cascade,
  word text not null check (length(word) between 4 and 24),
  primary key (workspace_id, word)
);
create index known_words_trigram_idx on private.known_words
  using gin (workspace_id, word extensions.gin_trgm_ops);

alter table private.message_search enable row level security;
alter table private.contact_search enable row level security;
alter table private.known_words enable row level security;
revoke all on private.message_search, private.contact_search, private.known_words
  from public, anon, authenticated;

create function private.index_messages() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into private.message_search (workspace_id, message_id, contact_id, created_at, words)
  select workspace_id, id, contact_id, created_at, private.to_words(content) from added;
  -- In order, so that two transactions that bring the same words can't wait for each other.
  insert into private.known_words (workspace_id, word)
  select distinct added.workspace_id, found.word
  from added
  join private.message_search s
    on s.workspace_id = added.workspace_id and s.message_id = added.id,
  unnest(tsvector_to_array(s.words)) as found (word)
  where length(found.word) between 4 and 24 and found.word !~ '[0-9]'
    and not exists (
      select from private.known_words known
      where known.workspace_id = added.workspace_id and known.word = found.word
    )
  order by 1, 2
  on conflict do nothing;
  return null;
end
$$;

create function private.reindex_message() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  update private.message_search
  set contact_id = new.contact_id, created_at = new.created_at,
    words = private.to_words(new.content)
  where workspace_id = new.workspace_id and message_id = new.id;
  return null;
end
$$;

create function private.index_contact() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  insert into private.contact_search (workspace_id, contact_id, content)
  values (
    new.workspace_id, new.id,
    private.contact_text(
      new.name, new.email, new.company, new.phone_number, new.about, new.custom_fields
    )
  )
  on conflict (workspace_id, contact_id) do update set content = excluded.content
  where contact_search.content is distinct from excluded.content;
  return null;
end
$$;

revoke execute on function
  private.index_messages(), private.reindex_message(), private.index_contact()
from public, anon, authenticated;

create trigger messages_index after insert on public.messages
  referencing new table as added
  for each statement execute function private.index_messages();
create trigger messages_reindex after update of content, contact_id, created_at on public.messages
  for each row
  when ((old.content, old.contact_id, old.created_at)
    is distinct from (new.content, new.contact_id, new.created_at))
  execute function private.reindex_message();
create trigger contacts_index
  after insert or update of name, email, company, phone_number, about, custom_fields
  on public.contacts
  for each row execute function private.index_contact();

insert into private.message_search (workspace_id, message_id, contact_id, created_at, words)
select workspace_id, id, contact_id, created_at, private.to_words(content) from public.messages;
insert into private.contact_search (workspace_id, contact_id, content)
select workspace_id, id,
  private.contact_text(name, email, company, phone_number, about, custom_fields)
from public.contacts;
insert into private.known_words (workspace_id, word)
select distinct s.workspace_id, found.word
from private.message_search s, unnest(tsvector_to_array(s.words)) as found (word)
where length(found.word) between 4 and 24 and found.word !~ '[0-9]'
on conflict do nothing;

-- Under row level security no index serves a search: its operators might tell a
-- stranger's rows apart, so Postgres runs them after the policy, row by row. These
-- functions check the membership first, look in that one workspace only, and
-- return ids; the rows themselves are read under the policies. Each query is
-- planned with its values: a rare word needs another way than a common one.

create function private.search_message_ids(
  ws uuid, query text, of_contact uuid, before_at timestamptz, before_id uuid, max_rows integer
) returns table (id uuid, created_at timestamptz)
language plpgsql stable security definer set search_path = ''
as $$
begin
  if not exists (select from private.my_workspaces() as mine where mine = ws) then
    return;
  end if;
  return query execute $q$
    select s.message_id, s.created_at from private.message_search s
    where s.workspace_id = $1
      and s.words @@ to_tsquery('pg_catalog.simple', private.fold_text($2))
      and ($3 is null or s.contact_id = $3)
      and ($4 is null or (s.created_at, s.message_id) < ($4, $5))
    order by s.created_at desc, s.message_id desc
    limit $6
  $q$ using ws, query, of_contact, before_at, before_id, max_rows;
end
$$;

-- The nearest known words to one that nothing was found with.
create function private.mend_word(ws uuid, word text) returns setof text
language plpgsql stable security definer set search_path = ''
as $$
begin
  if not exists (select from private.my_workspaces() as mine where mine = ws) then
    return;
  end if;
  return query execute $q$
    select k.word from private.known_words k
    where k.workspace_id = $1 and k.word operator(extensions.%) $2
    order by extensions.similarity(k.word, $2) desc, k.word
    limit 3
  $q$ using ws, private.fold_text(word);
end
$$;

-- The contact's text has to be like each of the patterns.
create function private.search_contact_ids(
  ws uuid, patterns text[], before_at timestamptz, before_id uuid, max_rows integer
) returns table (id uuid, last_message_at timestamptz)
language plpgsql stable security definer set search_path = ''
as $$
declare
  conditions text;
begin
  if not exists (select from private.my_workspaces() as mine where mine = ws) then
    return;
  end if;
  -- As constants, since an index serves no pattern that is not known to the planner.
  select string_agg(format('s.content like %L', private.fold_text(p)), ' and ')
  into conditions from unnest(patterns) p;
  return query execute format($q$
    select c.id, c.last_message_at
    from private.contact_search s
    join public.contacts c on c.workspace_id = s.workspace_id and c.id = s.contact_id
    where s.workspace_id = $1 and %s
      and (
        $3 is null
        or (coalesce(c.last_message_at, '-infinity'), c.id) < (coalesce($2, '-infinity'), $3)
      )
    order by coalesce(c.last_message_at, '-infinity') desc, c.id desc
    limit $4
  $q$, coalesce(conditions, 'true')) using ws, before_at, before_id, max_rows;
end
$$;

create function private.search_similar_contact_ids(ws uuid, query text, max_rows integer)
returns setof uuid
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if not exists (select from private.my_workspaces() as mine where mine = ws) then
    return;
  end if;
  perform set_config('pg_trgm.word_similarity_threshold', '0.4', true);
  return query execute $q$
    select s.contact_id
    from private.contact_search s
    where s.workspace_id = $1 and s.content operator(extensions.%>) $2
    order by extensions.word_similarity($2, s.content) desc, s.contact_id
    limit $3
  $q$ using ws, private.fold_text(query), max_rows;
end
$$;

revoke execute on function
  private.search_message_ids(uuid, text, uuid, timestamptz, uuid, integer),
  private.mend_word(uuid, text),
  private.search_contact_ids(uuid, text[], timestamptz, uuid, integer),
  private.search_similar_contact_ids(uuid, text, integer)
from public, anon, authenticated;
grant execute on function
  private.search_message_ids(uuid, text, uuid, timestamptz, uuid, integer),
  private.mend_word(uuid, text),
  private.search_contact_ids(uuid, text[], timestamptz, uuid, integer),
  private.search_similar_contact_ids(uuid, text, integer)
to authenticated;
