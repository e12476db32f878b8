import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { toaster } from "../../components/toaster.tsx";
import { useInbox } from "../../realtime/use-inbox.tsx";
import { nameContact } from "./describe-contact.ts";

const announceEveryMs = 1000;
const newsForMs = 2 * 60_000;

/**
 * Tells of texts that arrive for other conversations with a toast. Returns the
 * sentence for screen readers, gathered so that a burst is one sentence.
 */
export function useInboundNews(openContactId: string | null): string {
  const { store } = useInbox();
  const navigate = useNavigate();
  const [announcement, setAnnouncement] = useState("");
  const open = useRef(openContactId);
  useEffect(() => {
    open.current = openContactId;
  }, [openContactId]);

  useEffect(() => {
    let names: string[] = [];
    let timer: ReturnType<typeof setTimeout> | null = null;
    const stop = store.onInbound((message, contact) => {
      // What came while this browser was away is shown by the list, not told one by one.
      if (Date.now() - Date.parse(message.createdAt) > newsForMs) return;
      const name = nameContact(contact);
      const snippet = message.content.replace(/\s+/g, " ").trim().slice(0, 120) || "Attachment";
      names.push(`${name}: ${snippet}`);
      timer ??= setTimeout(() => {
        setAnnouncement(
          names.length === 1
            ? `New message from ${names[0]}`
            : `${names.length} new messages. The latest from ${names.at(-1)}`,
        );
        names = [];
        timer = null;
      }, announceEveryMs);
      if (contact.id === open.current) return;
      toaster.create({
        title: name,
        description: snippet,
        type: "info",
        duration: 5000,
        closable: true,
        action: {
          label: "Open",
          onClick: () => void navigate(`/w/${contact.workspaceId}/c/${contact.id}`),
        },
      });
    });
    return () => {
      stop();
      if (timer) clearTimeout(timer);
    };
  }, [store, navigate]);

  return announcement;
}
