import type { Contact, Message } from "@livechat/shared";
import { toaster as pageToaster } from "../../components/toaster.tsx";
import { describeNews } from "./news.ts";

const gatherMs = 1000;
const lastsMs = 5000;
const maxSnippet = 120;

type Toaster = Pick<typeof pageToaster, "create" | "dismiss" | "getCount" | "attrs">;

/** What one contact wrote since its toast came up. */
interface Gathered {
  contact: Contact;
  latest: Message;
  count: number;
  /** Whether the toast doesn't say it yet. */
  isUntold: boolean;
  stage: "waiting" | "shown" | "leaving";
  timesTold: number;
}

export interface NewsToasts {
  add(message: Message, contact: Contact): void;
  /** Takes back what is told of contacts for which this holds. */
  drop(isSettled: (contactId: string) => boolean): void;
  /** Stops telling; what is shown goes by itself. */
  close(): void;
}

/** Tells of texts with one toast for each contact, however many it writes; those without room wait. */
export function createNewsToasts(
  onOpen: (contact: Contact) => void,
  toaster: Toaster = pageToaster,
): NewsToasts {
  const gathered = new Map<string, Gathered>();
  let timer: ReturnType<typeof setTimeout> | null = null;

  function schedule(): void {
    timer ??= setTimeout(tellAll, gatherMs);
  }

  function tellAll(): void {
    timer = null;
    for (const news of gathered.values()) {
      if (!news.isUntold || news.stage === "leaving") continue;
      if (news.stage === "shown" || hasRoom()) tell(news);
      else schedule();
    }
  }

  function hasRoom(): boolean {
    const shown = [...gathered.values()].filter(({ stage }) => stage !== "waiting");
    // The last place is for the answer to what the person does meanwhile.
    return toaster.getCount() < toaster.attrs.max && shown.length < toaster.attrs.max - 1;
  }

  function tell(news: Gathered): void {
    const { contact, latest, count } = news;
    const { title, body } = describeNews({ kind: "text", message: latest, contact }, maxSnippet);
    news.isUntold = false;
    news.stage = "shown";
    news.timesTold += 1;
    toaster.create({
      id: nameToast(contact.id),
      title: count === 1 ? `New message from ${title}` : `${count} new messages from ${title}`,
      description: body,
      type: "info",
      // A toast that is changed stays longer only where its time is another one.
      duration: lastsMs + (news.timesTold % 2),
      closable: true,
      action: { label: "Open", onClick: () => onOpen(contact) },
      onStatusChange: ({ status }) => {
        if (status === "dismissing") news.stage = "leaving";
        if (status === "unmounted") leave(news);
      },
    });
  }

  function leave(news: Gathered): void {
    if (gathered.get(news.contact.id) !== news) return;
    if (!news.isUntold) {
      gathered.delete(news.contact.id);
      return;
    }
    news.stage = "waiting";
    schedule();
  }

  return {
    add(message, contact) {
      const known = gathered.get(contact.id);
      const isCounted = known !== undefined && (known.stage !== "leaving" || known.isUntold);
      gathered.set(
        contact.id,
        Object.assign(known ?? { stage: "waiting" as const, timesTold: 0 }, {
          contact,
          latest: message,
          count: isCounted ? known.count + 1 : 1,
          isUntold: true,
        }),
      );
      schedule();
    },
    drop(isSettled) {
      for (const [contactId, news] of gathered) {
        if (!isSettled(contactId)) continue;
        news.isUntold = false;
        if (news.stage === "waiting") gathered.delete(contactId);
        else if (news.stage === "shown") toaster.dismiss(nameToast(contactId));
      }
    },
    close() {
      if (timer) clearTimeout(timer);
      gathered.clear();
    },
  };
}

function nameToast(contactId: string): string {
  return `news:${contactId}`;
}
