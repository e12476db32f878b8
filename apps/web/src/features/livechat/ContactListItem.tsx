import type { Contact, Tag } from "@livechat/shared";
import { type MouseEvent, memo } from "react";
import { LuAlarmClock, LuBan, LuCheck, LuCircleCheck, LuHourglass, LuReply } from "react-icons/lu";
import { Avatar } from "../../components/Avatar.tsx";
import { nameContact } from "../../components/name-contact.ts";
import { useAddressRules } from "../../components/show-address.ts";
import { previewText } from "./describe-contact.ts";
import { formatListTime, formatMoment } from "./format-time.ts";
import { formatSnooze } from "./snooze-times.ts";
import { useDraft } from "./use-draft.ts";

const maxTagsShown = 3;

interface ContactListItemProps {
  contact: Contact;
  isSelected: boolean;
  /** One of several that are to be changed at once. */
  isPicked: boolean;
  /** Whether any row is picked, so that each shows where to pick it. */
  isPicking: boolean;
  /** The one row that Tab reaches; arrow keys move on from it. */
  isTabStop: boolean;
  /** Its place among all rows of the list, of which only some are drawn. */
  position: number;
  setSize: number;
  /** Who of the team writes there now. */
  hint: string | null;
  /** Who of the team has it open. */
  viewers: string | null;
  /** Who wrote the last text of ours; null for the customer's. */
  author: string | null;
  assignee: string | null;
  tags: readonly Tag[];
  /** The address's part that keeps the list as it is. */
  search: string;
  /** In the order of waiting, the time says since when. */
  showsWaiting: boolean;
  now: Date;
  onPick(contactId: string, event: MouseEvent<HTMLAnchorElement>): void;
}

/** One conversation of the list, in few nodes: there may be thousands. */
export const ContactListItem = memo(function ContactListItem({
  contact,
  isSelected,
  isPicked,
  isPicking,
  isTabStop,
  position,
  setSize,
  hint,
  viewers,
  author,
  assignee,
  tags,
  search,
  showsWaiting,
  now,
  onPick,
}: ContactListItemProps) {
  const [begun] = useDraft(contact.workspaceId, contact.id);
  // The open conversation shows its draft where it is written.
  const draft = isSelected ? "" : begun.trim().slice(0, 100);
  useAddressRules();
  const isUnread = contact.unreadCount > 0;
  const count = contact.unreadCount > 99 ? "99+" : String(contact.unreadCount);
  const time = (showsWaiting && contact.waitingSince) || contact.lastMessageAt;
  return (
    // Not the router's link: each of those is drawn again whenever the address changes.
    <a
      className="lc-row"
      role="option"
      href={`/w/${contact.workspaceId}/c/${contact.id}${search}`}
      aria-selected={isPicking ? isPicked : isSelected}
      aria-current={isSelected ? "page" : undefined}
      aria-posinset={position}
      aria-setsize={setSize}
      data-unread={isUnread || undefined}
      data-picked={isPicked || undefined}
      data-contact={contact.id}
      tabIndex={isTabStop ? 0 : -1}
      draggable={false}
      onClick={(event) => onPick(contact.id, event)}
    >
      {isPicking ? (
        <span className="lc-pick" aria-hidden="true">
          {isPicked && <LuCheck />}
        </span>
      ) : (
        <Avatar id={contact.id} name={contact.name} />
      )}
      <span className="lc-row-name" dir="auto">
        {nameContact(contact)}
        {tags.slice(0, maxTagsShown).map((tag) => (
          <i key={tag.id} className="lc-tag-dot" data-colour={tag.colour} title={tag.name}>
            <span className="lc-hidden">, tagged {tag.name}</span>
          </i>
        ))}
      </span>
      {time && (
        <time
          className="lc-row-time"
          dateTime={time}
          title={showsWaiting ? `Waiting since ${formatMoment(time)}` : formatMoment(time)}
        >
          {formatListTime(time, now)}
        </time>
      )}
      <span className="lc-row-preview" dir="auto">
        {hint ? (
          <em>{hint}</em>
        ) : draft ? (
          <>
            <strong>Draft: </strong>
            {draft}
          </>
        ) : (
          <>
            {contact.lastMessageDirection === "outbound" &&
              (author ? (
                <span>{author}: </span>
              ) : (
                <>
                  <LuReply aria-hidden="true" />
                  <span className="lc-hidden">Answered: </span>
                </>
              ))}
            {previewText(contact)}
          </>
        )}
      </span>
      <span className="lc-row-marks">
        <Status contact={contact} now={now} />
        {viewers && (
          <span className="lc-viewer" title={`${viewers} viewing`}>
            <span className="lc-hidden">, {viewers} viewing</span>
          </span>
        )}
        {contact.assignedTo && (
          <span className="lc-row-assignee" title={`Assigned to ${assignee ?? "a former member"}`}>
            <Avatar id={contact.assignedTo} name={assignee} size={18} />
            <span className="lc-hidden">, assigned to {assignee ?? "a former member"}</span>
          </span>
        )}
        {isUnread && (
          <span className="lc-badge">
            {count}
            <span className="lc-hidden"> unread</span>
          </span>
        )}
      </span>
    </a>
  );
});

function Status({ contact, now }: { contact: Contact; now: Date }) {
  const [words, icon] = contact.blockedAt
    ? ["Blocked", <LuBan key="blocked" />]
    : contact.snoozedUntil
      ? [
          `Snoozed until ${formatSnooze(new Date(contact.snoozedUntil), now)}`,
          <LuAlarmClock key="snoozed" />,
        ]
      : contact.conversationStatus === "Done"
        ? ["Done", <LuCircleCheck key="done" />]
        : contact.conversationStatus === "Pending"
          ? ["Pending", <LuHourglass key="pending" />]
          : [null, null];
  return (
    <>
      {words && (
        <span className="lc-row-icon" title={words}>
          {icon}
          <span className="lc-hidden">, {words}</span>
        </span>
      )}
      {contact.optedOutAt && (
        <span className="lc-tag" title="Replied STOP">
          Opted out
        </span>
      )}
    </>
  );
}
