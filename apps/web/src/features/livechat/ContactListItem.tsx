import type { Contact } from "@livechat/shared";
import { memo } from "react";
import { LuReply } from "react-icons/lu";
import { Link } from "react-router";
import { useAddressRules } from "../../components/show-address.ts";
import { ContactAvatar } from "./ContactAvatar.tsx";
import { nameContact, previewText } from "./describe-contact.ts";
import { formatListTime, formatMoment } from "./format-time.ts";
import { useDraft } from "./use-draft.ts";

interface ContactListItemProps {
  contact: Contact;
  isSelected: boolean;
  /** The one row that Tab reaches; arrow keys move on from it. */
  isTabStop: boolean;
  hint: string | null;
  now: Date;
}

/** One conversation of the list, in few nodes: there may be thousands. */
export const ContactListItem = memo(function ContactListItem({
  contact,
  isSelected,
  isTabStop,
  hint,
  now,
}: ContactListItemProps) {
  const [begun] = useDraft(contact.workspaceId, contact.id);
  // The open conversation shows its draft where it is written.
  const draft = isSelected ? "" : begun.trim().slice(0, 100);
  useAddressRules();
  const isUnread = contact.unreadCount > 0;
  const count = contact.unreadCount > 99 ? "99+" : String(contact.unreadCount);
  return (
    <Link
      className="lc-row"
      to={`/w/${contact.workspaceId}/c/${contact.id}`}
      aria-current={isSelected ? "page" : undefined}
      data-unread={isUnread || undefined}
      data-contact={contact.id}
      tabIndex={isTabStop ? 0 : -1}
    >
      <ContactAvatar id={contact.id} name={contact.name} />
      <span className="lc-row-name" dir="auto">
        {nameContact(contact)}
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
        {hint ? (
          <em>{hint}</em>
        ) : draft ? (
          <>
            <strong>Draft: </strong>
            {draft}
          </>
        ) : (
          <>
            {contact.lastMessageDirection === "outbound" && (
              <>
                <LuReply aria-hidden="true" />
                <span className="lc-hidden">Answered: </span>
              </>
            )}
            {previewText(contact)}
          </>
        )}
      </span>
      <span className="lc-row-marks">
        {contact.optedOutAt && (
          <span className="lc-tag" title="Replied STOP">
            Opted out
          </span>
        )}
        {isUnread && (
          <span className="lc-badge">
            {count}
            <span className="lc-hidden"> unread</span>
          </span>
        )}
      </span>
    </Link>
  );
});
