import { VisuallyHidden } from "@chakra-ui/react";
import { useEffect, useRef, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { useAddressRules } from "../../components/show-address.ts";
import { toaster } from "../../components/toaster.tsx";
import { useInbox } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";
import { describeNews, isNews } from "./news.ts";
import { createNewsToasts } from "./news-toasts.ts";
import { watchMentions } from "./watch-mentions.ts";

const announceEveryMs = 1000;
const maxSnippet = 120;

/**
 * Tells on every page of what arrives: with a toast, which is spoken by itself, and
 * for the conversation that is open, where there is none, with a sentence for screen
 * readers.
 */
export function NewsRegion() {
  const { store } = useInbox();
  const me = useMe();
  const { contactId = null } = useParams();
  const navigate = useNavigate();
  const [announcement, setAnnouncement] = useState("");
  const place = useRef({ openId: contactId, navigate });
  place.current = { openId: contactId, navigate };
  useAddressRules();

  useEffect(() => {
    let count = 0;
    let latest = { alone: "", amongOthers: "" };
    let timer: ReturnType<typeof setTimeout> | null = null;
    const go = (path: string) => void place.current.navigate(path);
    const toasts = createNewsToasts(({ id }) => go(`/w/${store.workspaceId}/c/${id}`));

    function say(sentence: typeof latest): void {
      count += 1;
      latest = sentence;
      timer ??= setTimeout(() => {
        setAnnouncement(
          count === 1 ? latest.alone : `${count} new messages. ${latest.amongOthers}`,
        );
        count = 0;
        timer = null;
      }, announceEveryMs);
    }

    const stopTexts = store.onInbound((message, contact) => {
      if (!isNews(message.createdAt)) return;
      if (contact.id !== place.current.openId) {
        toasts.add(message, contact);
        return;
      }
      const { title, body } = describeNews({ kind: "text", message, contact }, maxSnippet);
      const said = `from ${title}: ${body}`;
      say({ alone: `New message ${said}`, amongOthers: `The latest ${said}` });
    });
    const stopMentions = watchMentions(store, me.userId, ({ note, author, path }) => {
      const { title, body } = describeNews({ kind: "mention", note, author }, maxSnippet);
      if (note.contactId === place.current.openId) {
        const sentence = `${title}: ${body}`;
        say({ alone: sentence, amongOthers: sentence });
        return;
      }
      toaster.create({
        id: `news:${note.id}`,
        type: "info",
        title,
        description: body,
        duration: 6000,
        closable: true,
        action: { label: "Show", onClick: () => go(path) },
      });
    });
    const stopDropping = store.subscribe(() => {
      const contacts = store.getSnapshot().inbox?.contacts;
      toasts.drop((id) => id === place.current.openId || contacts?.get(id)?.unreadCount === 0);
    });
    return () => {
      stopTexts();
      stopMentions();
      stopDropping();
      toasts.close();
      if (timer) clearTimeout(timer);
    };
  }, [store, me.userId]);

  return (
    <VisuallyHidden aria-live="polite" aria-atomic="true">
      {announcement}
    </VisuallyHidden>
  );
}
