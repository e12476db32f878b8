import { describeNews, type News } from "./news.ts";
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
  /** On any page of the workspace, where a toast tells it. */
  isOnWorkspace: boolean;
}

export interface Notice {
  /** Null when no window is to come up. */
  desktop: { title: string; body: string } | null;
  rings: boolean;
}

const longestBody = 140;

/** What news does beyond appearing: nothing for what is being read, and in quiet hours. */
export function decideNotice(
  news: News,
  choices: NoticeChoices,
  attention: Attention,
  now: Date,
): Notice {
  const isQuiet =
    choices.isQuietAtTimes && isQuietAt(now, { from: choices.quietFrom, to: choices.quietTo });
  if (isQuiet || attention.isOnConversation) return { desktop: null, rings: false };
  return {
    desktop: choices.notifyOnDesktop && !attention.isOnWorkspace ? word(news, choices) : null,
    rings: choices.notifyWithSound,
  };
}

function word(news: News, { hidesTextInNotices }: NoticeChoices) {
  if (!hidesTextInNotices) return describeNews(news, longestBody);
  return {
    title: news.kind === "mention" ? "You were mentioned in a note" : "New message",
    body: "Open the inbox to read it.",
  };
}
