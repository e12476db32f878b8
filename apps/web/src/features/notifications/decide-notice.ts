import type { Contact, Message } from "@livechat/shared";
import { showAddress } from "../../components/show-address.ts";
import { isQuietAt } from "./quiet-hours.ts";

/** What a person has set for this device. */
export interface NoticeChoices {
  notifyOnDesktop: boolean;
  notifyWithSound: boolean;
  hidesTextInNotices: boolean;
  isQuietAtTimes: boolean;
  quietFrom: string;
  quietTo: string;
}

/** Where the person looks now. */
export interface Attention {
  isOnConversation: boolean;
  isOnInbox: boolean;
}

export interface Notice {
  /** Null when no window is to come up. */
  desktop: { title: string; body: string } | null;
  rings: boolean;
}

const longestBody = 140;

/** What a text that arrives does beyond appearing: nothing for what is being read, and in quiet hours. */
export function decideNotice(
  message: Message,
  contact: Contact,
  choices: NoticeChoices,
  attention: Attention,
  now: Date,
): Notice {
  const isQuiet =
    choices.isQuietAtTimes && isQuietAt(now, { from: choices.quietFrom, to: choices.quietTo });
  if (isQuiet || attention.isOnConversation) return { desktop: null, rings: false };
  return {
    // Whoever looks at the inbox sees it there.
    desktop:
      choices.notifyOnDesktop && !attention.isOnInbox ? word(message, contact, choices) : null,
    rings: choices.notifyWithSound,
  };
}

function word(message: Message, contact: Contact, { hidesTextInNotices }: NoticeChoices) {
  if (hidesTextInNotices) return { title: "New message", body: "Open the inbox to read it." };
  const text = message.content.replace(/\s+/g, " ").trim();
  const body = text === "" ? "Attachment" : text;
  return {
    title: contact.name || showAddress(contact.phoneNumber),
    body: body.length > longestBody ? `${body.slice(0, longestBody - 1)}…` : body,
  };
}
