import type { Contact } from "@livechat/shared";
import { type MouseEvent, Suspense, useCallback, useEffect, useRef, useState } from "react";
import {
  LuChevronLeft,
  LuChevronRight,
  LuImagePlus,
  LuInfo,
  LuPanelLeft,
  LuSearch,
} from "react-icons/lu";
import { Link, useSearchParams } from "react-router";
import { Avatar } from "../../components/Avatar.tsx";
import { late } from "../../components/late.tsx";
import { nameContact } from "../../components/name-contact.ts";
import { useShortcut } from "../../components/shortcuts/use-shortcut.ts";
import { showAddress } from "../../components/show-address.ts";
import { toaster } from "../../components/toaster.tsx";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";
import { attachFiles } from "./attachments.ts";
import { Composer } from "./Composer.tsx";
import { ConversationHeaderActions } from "./ConversationHeaderActions.tsx";
import { explainUntextable } from "./describe-contact.ts";
import { MessageList, type ThreadTarget } from "./MessageList.tsx";
import { focusComposer, focusWriting, onComposerWanted } from "./revise-text.ts";
import { ScheduledTexts } from "./ScheduledTexts.tsx";
import { ThreadSearch } from "./ThreadSearch.tsx";
import { useContactFilter } from "./use-contact-filter.ts";
import { useFileDrop } from "./use-file-drop.ts";
import { useReadMentions } from "./use-read-mentions.ts";
import { useRecordSeen } from "./use-record-seen.ts";

const NoteComposer = late(async () => (await import("./NoteComposer.tsx")).NoteComposer);

interface ChatAreaProps {
  contact: Contact;
  isListCollapsed: boolean;
  onToggleList(): void;
  isDetailsOpen: boolean;
  onToggleDetails(): void;
  onBack(event: MouseEvent): void;
}

/**
 * The open conversation: who it is with, the texts, and where the next one is
 * written. Mount it anew for each contact.
 */
export function ChatArea({
  contact,
  isListCollapsed,
  onToggleList,
  isDetailsOpen,
  onToggleDetails,
  onBack,
}: ChatAreaProps) {
  const { store } = useInbox();
  const me = useMe();
  const { search } = useContactFilter();
  const people = useInboxPart((snapshot) => snapshot.people);
  const [isNoting, setIsNoting] = useState(false);
  const name = nameContact(contact);
  // Whoever is away has it open and does not look.
  const others = people.filter(
    (person) =>
      person.viewingContactId === contact.id && person.userId !== me.userId && !person.isAway,
  );
  const second =
    others.length > 0
      ? `${others.map((person) => person.displayName).join(", ")} ${others.length === 1 ? "is" : "are"} viewing`
      : contact.name
        ? showAddress(contact.phoneNumber)
        : "";

  useShortcut("note", () => {
    setIsNoting(true);
    focusWriting();
  });
  useShortcut("reply", focusComposer);
  // Words and files that come from elsewhere are for a text: they would be put where nobody sees them.
  useEffect(() => onComposerWanted(() => setIsNoting(false)), []);
  useEffect(() => () => store.leaveThread(contact.id), [store, contact.id]);
  useReadMentions(contact.id);
  useRecordSeen(contact.id);

  const takesFiles = explainUntextable(contact) === null && !isNoting;
  const isDropTarget = useFileDrop(takesFiles, (files) => {
    const problem = attachFiles(store.workspaceId, contact.id, files);
    if (problem) toaster.create({ type: "error", title: problem });
    focusComposer();
  });

  const [params, setParams] = useSearchParams();
  const linkedId = params.get("m") ?? params.get("n");
  const isNoteLinked = useRef(params.has("n"));
  const [target, setTarget] = useState<ThreadTarget | null>(
    linkedId ? { messageId: linkedId, count: 0 } : null,
  );
  const [isSearching, setIsSearching] = useState(false);
  const [marked, setMarked] = useState("");
  const show = useCallback(
    (messageId: string) => setTarget((last) => ({ messageId, count: (last?.count ?? 0) + 1 })),
    [],
  );
  // A link to a text or a note leads to it once: later the address is the conversation's own.
  useEffect(() => {
    if (!linkedId) return;
    isNoteLinked.current = !params.has("m");
    // The one that the conversation was opened with is on its way already.
    setTarget((last) =>
      last?.messageId === linkedId ? last : { messageId: linkedId, count: (last?.count ?? 0) + 1 },
    );
    setParams(
      (all) => {
        all.delete("m");
        all.delete("n");
        return all;
      },
      { replace: true },
    );
  }, [linkedId, params, setParams]);
  const onTargetMissing = useCallback(
    () =>
      toaster.create({
        type: "error",
        title: `This ${isNoteLinked.current ? "note" : "message"} is no longer here.`,
      }),
    [],
  );
  useShortcut("findInConversation", () => setIsSearching(true));

  return (
    <section className="lc-chat" aria-label={`Conversation with ${name}`}>
      <header className="lc-chat-head">
        <Link
          className="lc-icon-button lc-back"
          to={`/w/${store.workspaceId}${search}`}
          aria-label="Back to conversations"
          onClick={onBack}
        >
          <LuChevronLeft />
        </Link>
        <button
          type="button"
          className="lc-icon-button lc-list-toggle"
          aria-label={isListCollapsed ? "Show the list" : "Hide the list"}
          title={isListCollapsed ? "Show the list" : "Hide the list"}
          aria-expanded={!isListCollapsed}
          aria-controls="lc-list-pane"
          onClick={onToggleList}
        >
          <LuPanelLeft />
        </button>
        <div className="lc-chat-who">
          <Avatar id={contact.id} name={contact.name} size={36} />
          <div className="lc-chat-title">
            <h2 dir="auto">{name}</h2>
            {second && (
              <p data-live={others.length > 0 || undefined}>
                {others.length > 0 && (
                  <span className="lc-viewers">
                    {others.map(({ userId, displayName }) => (
                      <Avatar key={userId} id={userId} name={displayName} size={16} />
                    ))}
                  </span>
                )}
                <span>{second}</span>
              </p>
            )}
          </div>
          <LuChevronRight className="lc-one-pane" aria-hidden="true" />
          {/* Where there is room for one pane, the name is what leads to the details. */}
          <button
            type="button"
            className="lc-who-open lc-one-pane"
            aria-label="Contact details"
            aria-haspopup="dialog"
            onClick={onToggleDetails}
          />
        </div>
        <ConversationHeaderActions contact={contact} onSearch={() => setIsSearching(true)} />
        <button
          type="button"
          className="lc-icon-button lc-roomy"
          aria-label="Search in the conversation"
          title="Search in the conversation"
          aria-expanded={isSearching}
          onClick={() => setIsSearching(!isSearching)}
        >
          <LuSearch />
        </button>
        <button
          type="button"
          className="lc-icon-button lc-roomy"
          aria-label="Contact details"
          title="Contact details"
          aria-pressed={isDetailsOpen}
          onClick={onToggleDetails}
        >
          <LuInfo />
        </button>
      </header>
      {isSearching && (
        <ThreadSearch
          contactId={contact.id}
          onShow={show}
          onWords={setMarked}
          onClose={() => {
            setIsSearching(false);
            focusWriting();
          }}
        />
      )}
      <MessageList
        contact={contact}
        target={target}
        marked={marked}
        onTargetMissing={onTargetMissing}
      />
      <ScheduledTexts contact={contact} />
      <div className="lc-modes" role="tablist" aria-label="What to write">
        {[false, true].map((isNote) => (
          <button
            key={String(isNote)}
            type="button"
            role="tab"
            aria-selected={isNoting === isNote}
            tabIndex={isNoting === isNote ? 0 : -1}
            onClick={() => setIsNoting(isNote)}
            onKeyDown={(event) => {
              if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
              setIsNoting(!isNoting);
              const sibling = isNote
                ? event.currentTarget.previousElementSibling
                : event.currentTarget.nextElementSibling;
              if (sibling instanceof HTMLElement) sibling.focus();
            }}
          >
            {isNote ? "Internal note" : "Text message"}
          </button>
        ))}
      </div>
      {/* Hidden and not gone: what was begun stays while a note is written. */}
      <div hidden={isNoting}>
        <Composer contact={contact} />
      </div>
      <Suspense fallback={null}>
        {isNoting && (
          <NoteComposer
            contact={contact}
            onClose={() => {
              setIsNoting(false);
              focusComposer();
            }}
          />
        )}
      </Suspense>
      {isDropTarget && (
        <div className="lc-drop">
          <LuImagePlus aria-hidden="true" size={34} />
          <span>
            Drop to attach to your text to <bdi>{name}</bdi>
          </span>
        </div>
      )}
    </section>
  );
}
