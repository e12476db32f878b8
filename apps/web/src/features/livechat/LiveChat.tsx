import { Drawer, Portal } from "@chakra-ui/react";
import { useEffect, useState } from "react";
import { LuMessageCircle } from "react-icons/lu";
import { Link, useNavigate, useParams } from "react-router";
import { InboxProvider, useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe, useWorkspace } from "../../session/use-session.ts";
import { ChatArea } from "./ChatArea.tsx";
import { ConnectionBanner } from "./ConnectionBanner.tsx";
import { ContactDetails } from "./ContactDetails.tsx";
import { ContactList } from "./ContactList.tsx";
import "./livechat.css";
import { useMediaQuery } from "../../components/use-media-query.ts";
import { useInboundNews } from "./use-inbound-news.ts";

const detailsKey = "livechat.details";

/** The shared inbox of the address's workspace, with the address's conversation open. */
export function LiveChat() {
  const me = useMe();
  const workspace = useWorkspace();
  return (
    <InboxProvider key={workspace.id} userId={me.userId} workspaceId={workspace.id}>
      <Panes />
    </InboxProvider>
  );
}

function Panes() {
  const { contactId = null } = useParams();
  const { store, connection } = useInbox();
  const navigate = useNavigate();
  const isWide = useMediaQuery("(min-width: 1200px)");
  const [isPaneOpen, setIsPaneOpen] = useState(() => localStorage.getItem(detailsKey) === "open");
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
  const announcement = useInboundNews(contactId);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new epoch means that threads were dropped, a new line that a failed load may work.
  useEffect(() => {
    connection.view(contactId);
    if (contactId && isLoaded) void store.openThread(contactId);
    else if (!contactId) store.closeThread();
  }, [store, connection, contactId, isLoaded, epoch, isLive]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawer belongs to one conversation.
  useEffect(() => setIsDrawerOpen(false), [contactId, isWide]);

  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if ((event.metaKey || event.ctrlKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        document.getElementById("lc-search")?.focus();
        return;
      }
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      if (
        document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]:not([hidden])')
      )
        return;
      if (!contactId) return;
      if (window.matchMedia("(max-width: 767px)").matches) void navigate(`/w/${store.workspaceId}`);
      else document.querySelector<HTMLElement>(`[data-contact="${contactId}"]`)?.focus();
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [navigate, contactId, store]);

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

  function setPane(isOpen: boolean) {
    setIsPaneOpen(isOpen);
    localStorage.setItem(detailsKey, isOpen ? "open" : "closed");
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
    <div className="lc" data-open={contactId ? true : undefined}>
      <ContactList selectedId={contactId} />
      <div className="lc-main">
        <ConnectionBanner />
        {contact ? (
          <ChatArea
            contact={contact}
            isDetailsOpen={isWide ? isPaneOpen : isDrawerOpen}
            onToggleDetails={() => (isWide ? setPane(!isPaneOpen) : setIsDrawerOpen(true))}
          />
        ) : contactId && threadError ? (
          <div className="lc-placeholder" role="alert">
            <h2>This conversation can't be shown</h2>
            <p>{threadError}</p>
            <Link to={`/w/${store.workspaceId}`}>Back to conversations</Link>
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
      {contact && isWide && isPaneOpen && (
        <aside className="lc-aside" aria-label="Details">
          <ContactDetails contact={contact} onClose={() => setPane(false)} />
        </aside>
      )}
      {contact && !isWide && (
        <Drawer.Root
          open={isDrawerOpen}
          onOpenChange={({ open }) => setIsDrawerOpen(open)}
          size="xs"
          lazyMount
          unmountOnExit
        >
          <Portal>
            <Drawer.Backdrop />
            <Drawer.Positioner>
              <Drawer.Content aria-label="Contact details">
                <ContactDetails contact={contact} onClose={() => setIsDrawerOpen(false)} />
              </Drawer.Content>
            </Drawer.Positioner>
          </Portal>
        </Drawer.Root>
      )}
      <div className="lc-hidden" aria-live="polite" aria-atomic="true">
        {announcement}
      </div>
    </div>
  );
}
