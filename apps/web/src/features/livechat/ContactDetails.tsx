import { type Contact, conversationStatus } from "@livechat/shared";
import { useState } from "react";
import { LuCheck, LuCopy, LuX } from "react-icons/lu";
import { downloadFile } from "../../api/download-file.ts";
import { Avatar } from "../../components/Avatar.tsx";
import { nameContact } from "../../components/name-contact.ts";
import { showAddress, useAddressRules } from "../../components/show-address.ts";
import { toaster } from "../../components/toaster.tsx";
import { explainFailure } from "../../realtime/use-inbox.tsx";
import { ConsentHistory } from "./ConsentHistory.tsx";
import { ContactProfile } from "./ContactProfile.tsx";
import { ConversationMedia } from "./ConversationMedia.tsx";
import { explainUntextable } from "./describe-contact.ts";
import { EditContactDialog } from "./EditContactDialog.tsx";
import { formatMoment } from "./format-time.ts";
import { MergeSection } from "./MergeSection.tsx";
import { SeenBy } from "./SeenBy.tsx";
import { useConversationActions } from "./use-conversation-actions.ts";

/** Who the conversation is with: status, addresses, profile, consent and every picture. */
export function ContactDetails({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { setStatus } = useConversationActions();
  const [isEditing, setIsEditing] = useState(false);
  const [isCopied, setIsCopied] = useState(false);
  const [isSaving, setIsSaving] = useState(false);
  useAddressRules();
  const name = nameContact(contact);
  const number = showAddress(contact.phoneNumber);
  const untextable = explainUntextable(contact);
  async function save() {
    setIsSaving(true);
    try {
      await downloadFile(
        `/api/workspaces/${contact.workspaceId}/contacts/${contact.id}/messages.csv`,
        "conversation.csv",
      );
    } catch (error) {
      toaster.create({
        type: "error",
        title: "The conversation was not saved",
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
      <Avatar id={contact.id} name={contact.name} size={84} />
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
            onChange={(event) => setStatus([contact], conversationStatus.parse(event.target.value))}
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
        <ContactProfile contact={contact} />
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
      <MergeSection key={`merge ${contact.id}`} contact={contact} />
      <SeenBy contact={contact} />
      <ConsentHistory key={contact.id} contact={contact} />
      <ConversationMedia key={`media ${contact.id}`} contact={contact} />
      <button type="button" className="lc-button" disabled={isSaving} onClick={() => void save()}>
        Save the conversation as a file
      </button>
      {isEditing && <EditContactDialog contact={contact} onClose={() => setIsEditing(false)} />}
    </section>
  );
}
