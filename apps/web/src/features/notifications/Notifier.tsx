import type { Contact, Message } from "@livechat/shared";
import { useEffect, useMemo, useRef } from "react";
import { useNavigate, useParams } from "react-router";
import { readPreferences } from "../../preferences/preferences.ts";
import { usePreference } from "../../preferences/use-preference.ts";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { decideNotice } from "./decide-notice.ts";
import { leadTab } from "./lead-tab.ts";
import { ring } from "./ring.ts";
import { showUnreadInTitle, showUnreadOnIcon } from "./show-unread.ts";
import { type FocusWatch, watchFocus } from "./watch-focus.ts";

const newsForMs = 2 * 60_000;
const look = { icon: "/icon-192.png", silent: true };

/** Tells of texts that arrive while nobody looks, and how many wait. Draws nothing. */
export function Notifier() {
  useNotices();
  useUnreadCount();
  return null;
}

function useNotices(): void {
  const { store } = useInbox();
  const { contactId = null } = useParams();
  const navigate = useNavigate();
  const go = useRef(navigate);
  const open = useRef(contactId);
  const focus = useRef<FocusWatch | null>(null);
  const shown = useRef(new Map<string, Notification>());

  useEffect(() => {
    go.current = navigate;
  }, [navigate]);
  useEffect(() => {
    open.current = contactId;
    focus.current?.show(contactId);
  }, [contactId]);

  useEffect(() => {
    const name = `livechat.notices.${store.workspaceId}`;
    const watch = watchFocus(name);
    focus.current = watch;
    watch.show(open.current);
    let isLeader = false;
    const stopLeading = leadTab(name, (isIt) => {
      isLeader = isIt;
    });

    function notify(message: Message, contact: Contact) {
      // What came while this browser was away is shown by the list, not told one by one.
      if (!isLeader || Date.now() - Date.parse(message.createdAt) > newsForMs) return;
      const path = `/w/${contact.workspaceId}/c/${contact.id}`;
      const { desktop, rings } = decideNotice(
        message,
        contact,
        readPreferences(),
        { isOnConversation: watch.isOn(contact.id), isOnInbox: watch.isAnywhere() },
        new Date(),
      );
      if (rings) ring();
      if (!desktop || !("Notification" in window) || Notification.permission !== "granted") return;
      try {
        // The tag lets the next text of a conversation take this one's place.
        const notification = new Notification(desktop.title, {
          ...look,
          body: desktop.body,
          tag: contact.id,
        });
        notification.onclick = () => {
          window.focus();
          notification.close();
          void go.current(path);
        };
        shown.current.set(contact.id, notification);
      } catch {
        // Some phones allow it to a service worker only.
        void navigator.serviceWorker?.getRegistration().then((worker) =>
          worker?.showNotification(desktop.title, {
            ...look,
            body: desktop.body,
            tag: contact.id,
            data: { path },
          }),
        );
      }
    }

    function onWorkerMessage({ data }: MessageEvent<{ kind?: string; path?: string }>) {
      if (data.kind === "open" && data.path?.startsWith("/w/")) void go.current(data.path);
    }

    navigator.serviceWorker?.addEventListener("message", onWorkerMessage);
    const stopListening = store.onInbound(notify);
    const stopClearing = store.subscribe(() => {
      const contacts = store.getSnapshot().inbox?.contacts;
      for (const [id, notification] of shown.current) {
        if (contacts?.get(id)?.unreadCount !== 0) continue;
        notification.close();
        shown.current.delete(id);
      }
    });
    return () => {
      navigator.serviceWorker?.removeEventListener("message", onWorkerMessage);
      stopListening();
      stopClearing();
      stopLeading();
      watch.close();
      focus.current = null;
    };
  }, [store]);
}

function useUnreadCount(): void {
  const [showsInTitle] = usePreference("showsUnreadInTitle");
  const [showsOnIcon] = usePreference("showsUnreadOnIcon");
  const contacts = useInboxPart((snapshot) => snapshot.inbox?.contacts);
  const unread = useMemo(() => {
    let sum = 0;
    for (const contact of contacts?.values() ?? []) sum += contact.unreadCount;
    return sum;
  }, [contacts]);
  useEffect(() => {
    showUnreadInTitle(showsInTitle ? unread : 0);
    return () => showUnreadInTitle(0);
  }, [showsInTitle, unread]);
  useEffect(() => {
    showUnreadOnIcon(showsOnIcon ? unread : 0);
    return () => showUnreadOnIcon(0);
  }, [showsOnIcon, unread]);
}
