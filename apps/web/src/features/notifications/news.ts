import type { Contact, Message, Note } from "@livechat/shared";
import { nameContact } from "../../components/name-contact.ts";

/** What a person is told of: a customer's text, or a teammate's note that calls them. */
export type News =
  | {
      kind: "text";
      message: Pick<Message, "content">;
      contact: Pick<Contact, "name" | "phoneNumber">;
    }
  | { kind: "mention"; note: Pick<Note, "body">; author: string };

const newsForMs = 2 * 60_000;

/** Whether it is new enough to tell. What came while this browser was away is shown by the list. */
export function isNews(time: string): boolean {
  return Date.now() - Date.parse(time) <= newsForMs;
}

/** Who it is from and what it says, on one line each. */
export function describeNews(news: News, maxLength: number): { title: string; body: string } {
  switch (news.kind) {
    case "text":
      return {
        title: nameContact(news.contact),
        body: shorten(news.message.content, maxLength) || "Attachment",
      };
    case "mention":
      return {
        title: `${news.author} mentioned you in a note`,
        body: shorten(news.note.body, maxLength),
      };
    default:
      return news satisfies never;
  }
}

function shorten(words: string, maxLength: number): string {
  const line = words.replace(/\s+/g, " ").trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}
