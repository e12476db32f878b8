import type { Contact, FoundMessage } from "@livechat/shared";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Avatar } from "../../components/Avatar.tsx";
import { Highlighted, HighlightedWords } from "../../components/Highlighted.tsx";
import { nameContact } from "../../components/name-contact.ts";
import { showAddress } from "../../components/show-address.ts";
import { formatListTime, formatMoment } from "./format-time.ts";

/** A contact that a search found. */
export function FoundContact({
  contact,
  to,
  query,
  isSelected,
  now,
}: {
  contact: Contact;
  to: string;
  query: string;
  isSelected: boolean;
  now: Date;
}) {
  const name = nameContact(contact);
  const details = [
    contact.name ? showAddress(contact.phoneNumber) : null,
    contact.company,
    contact.email,
  ].filter((part) => part !== null);
  return (
    <Link
      className="lc-row"
      to={to}
      aria-current={isSelected ? "page" : undefined}
      data-contact={contact.id}
    >
      <Avatar id={contact.id} name={contact.name} />
      <span className="lc-row-name" dir="auto">
        <HighlightedWords text={name} query={query} />
      </span>
      {contact.lastMessageAt && (
        <time
          className="lc-row-time"
          dateTime={contact.lastMessageAt}
          title={formatMoment(contact.lastMessageAt)}
        >
          {formatListTime(contact.lastMessageAt, now)}
        </time>
      )}
      <span className="lc-row-preview" dir="auto">
        <HighlightedWords text={details.join(" · ")} query={query} />
      </span>
    </Link>
  );
}

/** A text or a note that a search found. */
export function FoundPart({
  to,
  found,
  mark,
  now,
}: {
  to: string;
  found: Pick<FoundMessage, "contact" | "createdAt" | "snippet">;
  mark: ReactNode;
  now: Date;
}) {
  const { contact, createdAt, snippet } = found;
  return (
    <Link className="lc-row" to={to}>
      <Avatar id={contact.id} name={contact.name} />
      <span className="lc-row-name" dir="auto">
        {nameContact(contact)}
      </span>
      <time className="lc-row-time" dateTime={createdAt} title={formatMoment(createdAt)}>
        {formatListTime(createdAt, now)}
      </time>
      <span className="lc-row-preview lc-row-snippet" dir="auto">
        {mark}
        <Highlighted text={snippet.text} ranges={snippet.ranges} />
      </span>
    </Link>
  );
}
