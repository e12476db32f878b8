import type { Contact } from "@livechat/shared";
import { LuLock } from "react-icons/lu";
import { v7 as makeId } from "uuid";
import { useInbox } from "../../realtime/use-inbox.tsx";
import { NoteField } from "./NoteField.tsx";
import { useDraft } from "./use-draft.ts";

/** In place of the composer: writes a note, by a way of its own that leads to no carrier. */
export function NoteComposer({ contact, onClose }: { contact: Contact; onClose(): void }) {
  const { store } = useInbox();
  const [begun, keep] = useDraft(store.workspaceId, `note.${contact.id}`);
  return (
    <section className="lc-note-composer" aria-label="Internal note">
      <div className="lc-note-head">
        <span className="lc-note-title">
          <LuLock aria-hidden="true" /> Internal note
        </span>
      </div>
      <NoteField
        initial={begun}
        label="Internal note"
        saveLabel="Add note"
        onType={keep}
        onCancel={onClose}
        onSave={async (body, mentionedIds) => {
          await store.api.addNote(contact.id, { id: makeId(), body, mentionedIds });
          keep("");
          onClose();
        }}
      />
    </section>
  );
}
