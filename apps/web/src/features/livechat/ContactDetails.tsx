import { type Contact, conversationStatus, formatAddress, type Message } from "@livechat/shared";
import { useMemo, useState } from "react";
import { LuCheck, LuCopy, LuX } from "react-icons/lu";
import { toaster } from "../../components/toaster.tsx";
import { explainFailure, useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { ConsentHistory } from "./ConsentHistory.tsx";
import { ContactAvatar } from "./ContactAvatar.tsx";
import { explainUntextable, nameContact } from "./describe-contact.ts";
import { EditContactDialog } from "./EditContactDialog.tsx";
import { formatMoment, formatTime } from "./format-time.ts";
import { isPicture } from "./is-picture.ts";
import { MediaThumbnail } from "./MessageMedia.tsx";

const noMessages: readonly Message[] = [];

/** Who the conversation is with: status, addresses and the pictures of the loaded thread. */
export function ContactDetails({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { store } = useInbox();
  const messages =
    useInboxPart((snapshot) => snapshot.inbox?.threads.get(contact.id)) ?? noMessages;
  const [isEditing, setIsEditing] = useState(false);
  const [isCopied, setIsCopied] = useState(false);
  const [isSaving, setIsSaving] = useState(false);
  const name = nameContact(contact);
  const number = formatAddress(contact.phoneNumber);
  const untextable = explainUntextable(contact);
  const pictures = useMemo(
    () =>
      messages
        .flatMap((message) =>
          message.media
            .filter((media) => media.state === "stored" && isPicture(media))
            .map((media) => ({ media, message })),
        )
        .reverse(),
    [messages],
  );

  async function changeStatus(value: string) {
    const status = conversationStatus.parse(value);
    setIsSaving(true);
    try {
      store.putContact(await store.api.updateContact(contact.id, { conversationStatus: status }));
    } catch (error) {
      toaster.create({
        type: "error",
        title: "The status was not changed",
        description: explainFailure(error),
      });
    } finally {
      setIsSaving(false);
    }
  }

  async function copy() {
    try {
      await navigator.clipboard.writeText(contact.phoneNumber);
      setIsCopied(true);
      setTimeout(() => setIsCopied(false), 1500);
    } catch {
      toaster.create({ type: "error", title: "The browser did not allow copying" });
    }
  }

  return (
    <section className="lc-details" aria-label="Contact details">
      <button
        type="button"
        className="lc-icon-button lc-details-close"
        aria-label="Close details"
        onClick={onClose}
      >
        <LuX />
      </button>
      <ContactAvatar id={contact.id} name={contact.name} size={84} />
      <h2 dir="auto">{name}</h2>
      <button type="button" className="lc-button" onClick={() => setIsEditing(true)}>
        Edit contact
      </button>
      {untextable && <p className="lc-details-notice">{untextable}</p>}
      <div className="lc-card">
        <label>
          <span>Status</span>
          <select
            value={contact.conversationStatus}
            disabled={isSaving}
            onChange={(event) => void changeStatus(event.target.value)}
          >
            {conversationStatus.options.map((status) => (
              <option key={status}>{status}</option>
            ))}
          </select>
        </label>
        <div>
          <span>Phone</span>
          <span className="lc-card-value">{number}</span>
          <button
            type="button"
            className="lc-icon-button"
            aria-label={isCopied ? "Copied" : "Copy phone number"}
            onClick={() => void copy()}
          >
            {isCopied ? <LuCheck /> : <LuCopy />}
          </button>
        </div>
        <div>
          <span>E-mail</span>
          {contact.email ? (
            <a className="lc-card-value" href={`mailto:${encodeURIComponent(contact.email)}`}>
              {contact.email}
            </a>
          ) : (
            <span className="lc-card-value lc-muted">None</span>
          )}
        </div>
        <div>
          <span>Since</span>
          <time
            className="lc-card-value"
            dateTime={contact.createdAt}
            title={formatMoment(contact.createdAt)}
          >
            {new Date(contact.createdAt).toLocaleDateString(undefined, { dateStyle: "medium" })}
          </time>
        </div>
      </div>
      <ConsentHistory key={contact.id} contact={contact} />
      {pictures.length > 0 && (
        <>
          <h3>Photos</h3>
          <div className="lc-grid">
            {pictures.map(({ media, message }) => (
              <MediaThumbnail
                key={media.id}
                media={media}
                caption={`${message.direction === "inbound" ? `from ${name}` : "sent"}, ${formatTime(message.createdAt)}`}
              />
            ))}
          </div>
        </>
      )}
      {isEditing && <EditContactDialog contact={contact} onClose={() => setIsEditing(false)} />}
    </section>
  );
}
