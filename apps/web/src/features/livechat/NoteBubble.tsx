import type { Note } from "@livechat/shared";
import { memo, Suspense, useMemo, useState } from "react";
import { LuLock } from "react-icons/lu";
import { late } from "../../components/late.tsx";
import { toaster } from "../../components/toaster.tsx";
import { explainFailure, useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";
import { formatMoment, formatTime } from "./format-time.ts";
import { splitNote } from "./note-text.ts";

const NoteField = late(async () => (await import("./NoteField.tsx")).NoteField);

/** A note of the team in the thread, which its author can change. It looks like no text, as it is none. */
export const NoteBubble = memo(function NoteBubble({
  note,
  author,
}: {
  note: Note;
  author: string;
}) {
  const { store } = useInbox();
  const me = useMe();
  const members = useInboxPart((snapshot) => snapshot.inbox?.members);
  const [isEditing, setIsEditing] = useState(false);
  const isMine = note.authorId === me.userId;
  const parts = useMemo(() => splitNote(note.body, members?.values() ?? []), [note.body, members]);

  async function copyLink() {
    const address = `/w/${store.workspaceId}/c/${note.contactId}?n=${note.id}`;
    try {
      await navigator.clipboard.writeText(new URL(address, window.location.origin).href);
      toaster.create({ type: "success", title: "Link to the note copied" });
    } catch {
      toaster.create({ type: "error", title: "The browser did not allow copying" });
    }
  }

  function remove() {
    store.api.removeNote(note.id).then(
      () =>
        toaster.create({
          type: "success",
          title: "Note removed",
          duration: 8000,
          closable: true,
          action: {
            label: "Undo",
            onClick: () => {
              const { body, mentionedIds } = note;
              store.api
                .addNote(note.contactId, { id: crypto.randomUUID(), body, mentionedIds })
                .catch((error) => tell("The note could not be brought back", error));
            },
          },
        }),
      (error) => tell("The note was not removed", error),
    );
  }

  return (
    <section
      className="lc-note-bubble"
      aria-label={`Internal note by ${author}`}
      data-note={note.id}
    >
      <header>
        <LuLock aria-hidden="true" />
        <span className="lc-note-label">Internal note</span>
        <span dir="auto">{author}</span>
        <time dateTime={note.createdAt} title={formatMoment(note.createdAt)}>
          {formatTime(note.createdAt)}
        </time>
        {note.editedAt && <span title={formatMoment(note.editedAt)}>edited</span>}
        {!isEditing && (
          <span className="lc-note-actions">
            <button type="button" onClick={() => void copyLink()}>
              Copy link<span className="lc-hidden"> to note</span>
            </button>
            {isMine && (
              <>
                <button type="button" onClick={() => setIsEditing(true)}>
                  Edit<span className="lc-hidden"> note</span>
                </button>
                <button type="button" onClick={remove}>
                  Remove<span className="lc-hidden"> note</span>
                </button>
              </>
            )}
          </span>
        )}
      </header>
      {isEditing ? (
        <Suspense fallback={<p dir="auto">{note.body}</p>}>
          <NoteField
            initial={note.body}
            label="Internal note"
            saveLabel="Save"
            onCancel={() => setIsEditing(false)}
            onSave={async (body, mentionedIds) => {
              await store.api.updateNote(note.id, { body, mentionedIds });
              setIsEditing(false);
            }}
          />
        </Suspense>
      ) : (
        <p dir="auto">
          {parts.map((part, at) =>
            part.kind === "text" ? (
              part.text
            ) : (
              <span
                // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move.
                key={at}
                className="lc-mention"
                data-me={part.userId === me.userId || undefined}
              >
                {part.text}
              </span>
            ),
          )}
        </p>
      )}
    </section>
  );
});

function tell(title: string, error: unknown): void {
  toaster.create({ type: "error", title, description: explainFailure(error) });
}
