import { Suspense, useEffect, useMemo, useRef, useState } from "react";
import { LuSquarePen } from "react-icons/lu";
import { late } from "../../components/late.tsx";
import { useShortcut } from "../../components/shortcuts/use-shortcut.ts";
import { listKey } from "../../realtime/contact-filter.ts";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useWorkspace } from "../../session/use-session.ts";
import { ConversationRows } from "./ConversationRows.tsx";
import { ListSearchField } from "./ListSearchField.tsx";
import { useContactFilter } from "./use-contact-filter.ts";
import { useConversationActions } from "./use-conversation-actions.ts";
import { useConversationShortcuts } from "./use-conversation-shortcuts.ts";
import { useNow } from "./use-now.ts";
import { usePrefetch } from "./use-prefetch.ts";
import { useSearchWords } from "./use-search-words.ts";
import { ViewBar } from "./ViewBar.tsx";

// Nobody needs these before the list stands.
const BulkBar = late(async () => (await import("./BulkBar.tsx")).BulkBar);
const MentionList = late(async () => (await import("./MentionList.tsx")).MentionList);
const SearchResults = late(async () => (await import("./SearchResults.tsx")).SearchResults);
const NewConversationDialog = late(
  async () => (await import("./NewConversationDialog.tsx")).NewConversationDialog,
);

/** The conversations of the address's view, with search and the way to begin a new one. */
export function ContactList({ selectedId }: { selectedId: string | null }) {
  const { store } = useInbox();
  const workspace = useWorkspace();
  const epoch = useInboxPart((snapshot) => snapshot.inbox?.epoch);
  const { filter, showsMentions, search } = useContactFilter();
  const { select } = useConversationActions();
  const [query, setQuery] = useSearchWords();
  const [isComposing, setIsComposing] = useState(false);
  const now = useNow();
  const words = query.trim();
  const list = useRef<HTMLElement>(null);
  usePrefetch(list);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another log is loaded anew.
  useEffect(() => {
    void store.showList(filter);
  }, [store, filter, epoch]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is selected is of one list.
  useEffect(() => select(new Set()), [filter, showsMentions]);

  useConversationShortcuts(selectedId);
  useShortcut("newConversation", () => setIsComposing(true));

  return (
    <nav ref={list} className="lc-list" aria-label="Conversations">
      <div className="lc-list-head">
        <h1>Messages</h1>
        <button
          type="button"
          className="lc-icon-button"
          aria-label="New conversation"
          title="New conversation"
          onClick={() => setIsComposing(true)}
        >
          <LuSquarePen />
        </button>
        <ListSearchField value={query} onChange={setQuery} />
      </div>
      {words === "" && <ViewBar />}
      {words !== "" ? (
        <div className="lc-list-scroll">
          <Suspense fallback={<p className="lc-note">Searching…</p>}>
            <SearchResults
              workspaceId={workspace.id}
              query={words}
              selectedId={selectedId}
              now={now}
            />
          </Suspense>
        </div>
      ) : showsMentions ? (
        <div className="lc-list-scroll">
          <Suspense fallback={<div className="lc-empty" aria-busy="true" />}>
            <MentionList selectedId={selectedId} search={search} />
          </Suspense>
        </div>
      ) : (
        <ConversationRows
          // Another list begins at its top.
          key={listKey(filter)}
          selectedId={selectedId}
          now={now}
          onCompose={() => setIsComposing(true)}
        />
      )}
      <SelectionBar />
      <Suspense fallback={null}>
        {isComposing && <NewConversationDialog onClose={() => setIsComposing(false)} />}
      </Suspense>
    </nav>
  );
}

function SelectionBar() {
  const { selectedIds } = useConversationActions();
  const contacts = useInboxPart((snapshot) => snapshot.inbox?.contacts);
  const selected = useMemo(
    () => [...selectedIds].flatMap((id) => contacts?.get(id) ?? []),
    [selectedIds, contacts],
  );
  return (
    <Suspense fallback={null}>{selected.length > 0 && <BulkBar contacts={selected} />}</Suspense>
  );
}
