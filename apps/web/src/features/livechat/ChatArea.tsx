import type { Contact } from "@livechat/shared";
import { type DragEvent, type MouseEvent, useRef, useState } from "react";
import { LuChevronLeft, LuInfo, LuPanelLeft } from "react-icons/lu";
import { Link } from "react-router";
import { useShortcut } from "../../components/shortcuts/use-shortcut.ts";
import { showAddress } from "../../components/show-address.ts";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";
import { Composer } from "./Composer.tsx";
import { ContactAvatar } from "./ContactAvatar.tsx";
import { ConversationHeaderActions } from "./ConversationHeaderActions.tsx";
import { nameContact } from "./describe-contact.ts";
import { MessageList } from "./MessageList.tsx";
import { NoteComposer } from "./NoteComposer.tsx";
import { useContactFilter } from "./use-contact-filter.ts";
import { useReadMentions } from "./use-read-mentions.ts";

interface ChatAreaProps {
  contact: Contact;
  isListCollapsed: boolean;
  onToggleList(): void;
  isDetailsOpen: boolean;
  onToggleDetails(): void;
  onBack(event: MouseEvent): void;
}

/** The open conversation: who it is with, the texts, and where the next one is written. */
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
  const [dropped, setDropped] = useState<readonly File[]>([]);
  const [isNoting, setIsNoting] = useState(false);
  const [isDropTarget, setIsDropTarget] = useState(false);
  const dragDepth = useRef(0);
  const name = nameContact(contact);
  const others = people.filter(
    (person) => person.viewingContactId === contact.id && person.userId !== me.userId,
  );
  const second =
    others.length > 0
      ? `${others.map((person) => person.displayName).join(", ")} ${others.length === 1 ? "is" : "are"} viewing`
      : contact.name
        ? showAddress(contact.phoneNumber)
        : "";

  useShortcut("note", () => setIsNoting(true));
  useReadMentions(contact.id);

  function onDrag(event: DragEvent, change: number) {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    dragDepth.current = Math.max(0, dragDepth.current + change);
    setIsDropTarget(dragDepth.current > 0);
  }

  return (
    <section
      className="lc-chat"
      aria-label={`Conversation with ${name}`}
      onDragEnter={(event) => onDrag(event, 1)}
      onDragOver={(event) => onDrag(event, 0)}
      onDragLeave={(event) => onDrag(event, -1)}
      onDrop={(event) => {
        if (event.dataTransfer.files.length === 0) return;
        event.preventDefault();
        dragDepth.current = 0;
        setIsDropTarget(false);
        setDropped([...event.dataTransfer.files]);
      }}
    >
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
        <ContactAvatar id={contact.id} name={contact.name} size={36} />
        <div className="lc-chat-title">
          <h2 dir="auto">{name}</h2>
          {second && <p data-live={others.length > 0 || undefined}>{second}</p>}
        </div>
        <ConversationHeaderActions contact={contact} />
        <button
          type="button"
          className="lc-icon-button"
          aria-label="Contact details"
          title="Contact details"
          aria-pressed={isDetailsOpen}
          onClick={onToggleDetails}
        >
          <LuInfo />
        </button>
      </header>
      <MessageList key={`list ${contact.id}`} contact={contact} />
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
      {/* Hidden and not gone: what was attached to a text stays while a note is written. */}
      <div hidden={isNoting}>
        <Composer
          key={`composer ${contact.id}`}
          contact={contact}
          dropped={dropped}
          onDroppedTaken={() => setDropped([])}
        />
      </div>
      {isNoting && (
        <NoteComposer
          key={`note ${contact.id}`}
          contact={contact}
          onClose={() => setIsNoting(false)}
        />
      )}
      {isDropTarget && <div className="lc-drop">Drop to attach to the text to {name}</div>}
    </section>
  );
}
