import { countKey } from "@livechat/shared";
import { useEffect, useRef } from "react";
import { useNavigate, useParams } from "react-router";
import { readPreferences } from "../../preferences/preferences.ts";
import { usePreference } from "../../preferences/use-preference.ts";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";
import { decideNotice } from "./decide-notice.ts";
import { leadTab } from "./lead-tab.ts";
import { NewsRegion } from "./NewsRegion.tsx";
import { isNews, type News } from "./news.ts";
import { ring } from "./ring.ts";
import { showTitle, showUnreadOnIcon } from "./show-unread.ts";
import { type FocusWatch, watchFocus } from "./watch-focus.ts";
import { watchMentions } from "./watch-mentions.ts";

const look = { icon: "/icon-192.png", silent: true };

/** Tells of what arrives, wherever a person looks, and how many conversations wait to be read. */
export function Notifier({ title }: { title: string }) {
  useNotices();
  useUnreadCount(title);
  return <NewsRegion />;
}

function useNotices(): void {
  const { store } = useInbox();
  const me = useMe();
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

    function notify(news: News, contactId: string, tag: string, path: string) {
      if (!isLeader) return;
      const { desktop, rings } = decideNotice(
        news,
        readPreferences(),
        { isOnConversation: watch.isOn(contactId), isOnWorkspace: watch.isAnywhere() },
        new Date(),
      );
      if (rings) ring();
      if (!desktop || !("Notification" in window) || Notification.permission !== "granted") return;
      try {
        // The tag lets the next of a conversation take this one's place.
        const notification = new Notification(desktop.title, {
          ...look,
          body: desktop.body,
          tag,
        });
        notification.onclick = () => {
          window.focus();
          notification.close();
          void go.current(path);
        };
        shown.current.set(tag, notification);
      } catch {
        // Some phones allow it to a service worker only.
        void navigator.serviceWorker?.getRegistration().then((worker) =>
          worker?.showNotification(desktop.title, {
            ...look,
            body: desktop.body,
            tag,
            data: { path },
          }),
        );
      }
    }

    function onWorkerMessage({ data }: MessageEvent<{ kind?: string; path?: string }>) {
      if (data.kind === "open" && data.path?.startsWith("/w/")) void go.current(data.path);
    }

    navigator.serviceWorker?.addEventListener("message", onWorkerMessage);
    const base = `/w/${store.workspaceId}/c`;
    const stopListening = store.onInbound((message, contact) => {
      if (!isNews(message.createdAt)) return;
      notify({ kind: "text", message, contact }, contact.id, contact.id, `${base}/${contact.id}`);
    });
    const stopMentions = watchMentions(store, me.userId, ({ note, author, path }) =>
      notify({ kind: "mention", note, author }, note.contactId, nameMention(note.contactId), path),
    );
    const stopSeeing = store.onEvent(({ type, payload }) => {
      if (type !== "mentions_read" || payload.userId !== me.userId) return;
      shown.current.get(nameMention(payload.contactId))?.close();
      shown.current.delete(nameMention(payload.contactId));
    });
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
      stopMentions();
      stopSeeing();
      stopClearing();
      stopLeading();
      watch.close();
      focus.current = null;
    };
  }, [store, me.userId]);
}

function nameMention(contactId: string): string {
  return `mention:${contactId}`;
}

function useUnreadCount(title: string): void {
  const me = useMe();
  const [showsInTitle] = usePreference("showsUnreadInTitle");
  const [showsOnIcon] = usePreference("showsUnreadOnIcon");
  // Counted by the database: this browser knows only the conversations that it has listed.
  const unread = useInboxPart(
    (snapshot) => snapshot.inbox?.counts[countKey("unread", me.userId)] ?? 0,
  );
  useEffect(() => {
    showTitle(title, showsInTitle ? unread : 0);
    return () => showTitle(title, 0);
  }, [title, showsInTitle, unread]);
  useEffect(() => {
    showUnreadOnIcon(showsOnIcon ? unread : 0);
    return () => showUnreadOnIcon(0);
  }, [showsOnIcon, unread]);
}
