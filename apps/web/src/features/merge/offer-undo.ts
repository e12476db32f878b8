import type { Contact } from "@livechat/shared";
import { unmergeContact } from "../../api/merge-queries.ts";
import { isolate } from "../../components/isolate.ts";
import { nameContact } from "../../components/name-contact.ts";
import { toaster } from "../../components/toaster.tsx";
import type { InboxStore } from "../../realtime/inbox-store.ts";
import { explainFailure } from "../../realtime/use-inbox.tsx";

const undoMs = 10_000;

/** Says that two contacts are one now, and for a while takes that back on a click. */
export function offerUndo(store: InboxStore, merged: Contact, absorbed: Contact): void {
  const name = nameContact(absorbed);
  toaster.create({
    type: "success",
    title: "Merged",
    description: `${isolate(name)} is part of this conversation now.`,
    duration: undoMs,
    closable: true,
    action: {
      label: "Undo",
      onClick: () => {
        unmergeContact(merged.workspaceId, merged.id, absorbed.id).then(
          ({ contact, restored }) => {
            store.putContact(contact);
            store.putContact(restored);
          },
          (error) =>
            toaster.create({
              type: "error",
              title: "It could not be undone",
              description: explainFailure(error),
            }),
        );
      },
    },
  });
}
