import { type CSSProperties, type MouseEvent, Suspense, useEffect, useRef, useState } from "react";
import { LuMessageCircle } from "react-icons/lu";
import { Link, useNavigate, useParams } from "react-router";
import { usePreference } from "../../preferences/use-preference.ts";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { ContactList } from "./ContactList.tsx";
import { ConversationActionsProvider } from "./ConversationActionsProvider.tsx";
import "./livechat.css";
import "./conversation-work.css";
import { ErrorBoundary } from "../../components/ErrorBoundary.tsx";
import { useNoteFirstScreen } from "../../components/first-screen.ts";
import { late } from "../../components/late.tsx";
import { PaneSplitter } from "../../components/PaneSplitter.tsx";
import { useShortcut } from "../../components/shortcuts/use-shortcut.ts";
import { useAddressRules } from "../../components/show-address.ts";
import { useMediaQuery } from "../../components/use-media-query.ts";
import { usePane } from "../../components/use-pane.ts";
import { useAway } from "./use-away.ts";
import { useContactFilter } from "./use-contact-filter.ts";
import { useMergeNews } from "./use-merge-news.ts";

const ChatArea = late(async () => (await import("./ChatArea.tsx")).ChatArea);
const ContactDetails = late(async () => (await import("./ContactDetails.tsx")).ContactDetails);
const DetailsDrawer = late(async () => (await import("./DetailsDrawer.tsx")).DetailsDrawer);

const listLimits = { minPx: 260, maxPx: 440, usualPx: 320 };
const detailsLimits = { minPx: 260, maxPx: 420, usualPx: 300 };
const threePanes = "(min-width: 1024px)";
const onePane = "(max-width: 767px)";

/** The shared inbox of the address's workspace, with the address's conversation open. */
export function LiveChat() {
  return (
    <ConversationActionsProvider>
      <Panes />
    </ConversationActionsProvider>
  );
}

function Panes() {
  const { contactId = null } = useParams();
  const { store, connection } = useInbox();
  const navigate = useNavigate();
  const isWide = useMediaQuery(threePanes);
  const [density] = usePreference("density");
  const list = usePane("list", listLimits);
  const details = usePane("details", detailsLimits, true);
  const [isDrawerOpen, setIsDrawerOpen] = useState(false);
  const isLoaded = useInboxPart((snapshot) => snapshot.inbox !== null);
  const epoch = useInboxPart((snapshot) => snapshot.inbox?.epoch);
  const isLive = useInboxPart((snapshot) => snapshot.connection === "live");
  const isRemoved = useInboxPart((snapshot) => snapshot.isRemoved);
  const contact = useInboxPart((snapshot) =>
    contactId ? snapshot.inbox?.contacts.get(contactId) : undefined,
  );
  const threadError = useInboxPart((snapshot) =>
    contactId ? snapshot.threadLoads.get(contactId)?.error : undefined,
  );
  const hasFailed = useInboxPart((snapshot) => snapshot.contactsError !== null);
  useNoteFirstScreen(isLoaded || hasFailed || isRemoved);
  useAddressRules();
  // Loaded before anyone chooses a conversation, so that the choice is shown at once.
  useEffect(() => {
    if (!isLoaded) return;
    const timer = setTimeout(() => void import("./ChatArea.tsx").catch(() => undefined), 50);
    return () => clearTimeout(timer);
  }, [isLoaded]);
  const { search } = useContactFilter();
  useAway();
  useMergeNews(contactId);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new epoch means that threads were dropped, a new line that a failed load may work.
  useEffect(() => {
    connection.view(contactId);
    if (contactId && isLoaded) void store.openThread(contactId);
    else if (!contactId) store.closeThread();
  }, [store, connection, contactId, isLoaded, epoch, isLive]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawer belongs to one conversation.
  useEffect(() => setIsDrawerOpen(false), [contactId, isWide]);

  useEffect(() => {
    // Toasts lie outside of the panes, below the list.
    const { style } = document.documentElement;
    style.setProperty("--toast-room", `${list.widthPx}px`);
    return () => void style.removeProperty("--toast-room");
  }, [list.widthPx]);

  useShortcut("search", () => {
    const field = document.getElementById("lc-search");
    if (!field) return false;
    field.focus();
  });
  useShortcut("leave", () => {
    if (!contactId) return false;
    if (window.matchMedia(onePane).matches) void navigate(`/w/${store.workspaceId}${search}`);
    else document.querySelector<HTMLElement>(`[data-contact="${contactId}"]`)?.focus();
  });
  useShortcut("showDetails", () => {
    if (!contactId) return false;
    if (isWide) details.setCollapsed(!details.isCollapsed);
    else setIsDrawerOpen(true);
  });

  useEffect(() => {
    // A file that misses the conversation would replace the whole page.
    function keepPage(event: DragEvent) {
      if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "none";
    }
    window.addEventListener("dragover", keepPage);
    window.addEventListener("drop", keepPage);
    return () => {
      window.removeEventListener("dragover", keepPage);
      window.removeEventListener("drop", keepPage);
    };
  }, []);

  const cameFromList = useRef(false);
  const shownContactId = useRef(contactId);
  useEffect(() => {
    const before = shownContactId.current;
    shownContactId.current = contactId;
    if (before === contactId) return;
    cameFromList.current = before === null;
    if (!window.matchMedia(onePane).matches) return;
    // One pane took the other's place: the focus goes along, and comes back to where it was.
    const target = contactId
      ? document.querySelector<HTMLElement>(".lc-main")
      : document.querySelector<HTMLElement>(`[data-contact="${before}"]`);
    target?.focus({ preventScroll: true });
    // The row may have moved meanwhile.
    if (!contactId) target?.scrollIntoView({ block: "nearest" });
  }, [contactId]);

  /** Back to the list is back in the browser's history too, where the list is what came before. */
  function onBack(event: MouseEvent) {
    if (!cameFromList.current || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    void navigate(-1);
  }

  if (isRemoved) {
    return (
      <div className="lc-placeholder">
        <h2>You are no longer in this workspace</h2>
        <p>Someone removed you from it. Ask an admin for a new invitation.</p>
        <Link to="/">Go to your workspaces</Link>
      </div>
    );
  }

  return (
    <div
      className="lc"
      data-density={density}
      data-open={contactId ? true : undefined}
      data-list-collapsed={(list.isCollapsed && contactId !== null) || undefined}
      style={
        {
          "--lc-list-width": `${list.widthPx}px`,
          "--lc-details-width": `${details.widthPx}px`,
        } as CSSProperties
      }
    >
      <div className="lc-list-pane" id="lc-list-pane" data-pane="">
        <ErrorBoundary part="The list" resetKey={store.workspaceId}>
          <ContactList selectedId={contactId} />
        </ErrorBoundary>
      </div>
      <PaneSplitter
        label="Width of the list"
        pane={list}
        controls="lc-list-pane"
        toggle=".lc-list-toggle"
        edge="end"
      />
      <div className="lc-main" data-pane="" tabIndex={-1}>
        {contact ? (
          <ErrorBoundary part="This conversation" resetKey={contact.id}>
            <Suspense fallback={<div className="lc-placeholder" aria-busy="true" />}>
              <ChatArea
                key={contact.id}
                contact={contact}
                isListCollapsed={list.isCollapsed}
                onToggleList={() => list.setCollapsed(!list.isCollapsed)}
                isDetailsOpen={isWide ? !details.isCollapsed : isDrawerOpen}
                onToggleDetails={() =>
                  isWide ? details.setCollapsed(!details.isCollapsed) : setIsDrawerOpen(true)
                }
                onBack={onBack}
              />
            </Suspense>
          </ErrorBoundary>
        ) : contactId && threadError ? (
          <div className="lc-placeholder" role="alert">
            <h2>This conversation can't be shown</h2>
            <p>{threadError}</p>
            <Link to={`/w/${store.workspaceId}${search}`}>Back to conversations</Link>
          </div>
        ) : contactId ? (
          <div className="lc-placeholder" aria-busy="true" />
        ) : (
          <div className="lc-placeholder">
            <LuMessageCircle aria-hidden="true" />
            <h2>No conversation open</h2>
            <p>Choose one from the list to read and answer it.</p>
          </div>
        )}
      </div>
      {contact && isWide && !details.isCollapsed && (
        <>
          <PaneSplitter
            label="Width of the details"
            pane={details}
            controls="lc-details-pane"
            toggle=".lc-chat-head > [aria-pressed]"
            edge="start"
          />
          <aside className="lc-aside" id="lc-details-pane" data-pane="" aria-label="Details">
            <ErrorBoundary part="The details" resetKey={contact.id}>
              <Suspense fallback={null}>
                <ContactDetails contact={contact} onClose={() => details.setCollapsed(true)} />
              </Suspense>
            </ErrorBoundary>
          </aside>
        </>
      )}
      {contact && !isWide && isDrawerOpen && (
        <Suspense fallback={null}>
          <DetailsDrawer contact={contact} onClose={() => setIsDrawerOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
