import type { Contact, ConversationChange, ConversationExpectation } from "@livechat/shared";
import { type ReactNode, Suspense, useCallback, useMemo, useRef, useState } from "react";
import { useLocation, useNavigate, useParams } from "react-router";
import { late } from "../../components/late.tsx";
import { nameContact } from "../../components/name-contact.ts";
import { toaster } from "../../components/toaster.tsx";
import { usePreference } from "../../preferences/use-preference.ts";
import { invertChange } from "../../realtime/preview-change.ts";
import { explainFailure, useInbox } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";
import { findNeighbour } from "./shown-order.ts";
import { formatSnooze } from "./snooze-times.ts";
import {
  ActionsContext,
  type ConversationActions,
  type PickerKind,
} from "./use-conversation-actions.ts";

const ConversationPicker = late(
  async () => (await import("./ConversationPicker.tsx")).ConversationPicker,
);

const undoMs = 8000;

const noIds: ReadonlySet<string> = new Set();

/** Gives list and conversation the same actions and the same selection. */
export function ConversationActionsProvider({ children }: { children: ReactNode }) {
  const { store } = useInbox();
  const me = useMe();
  const navigate = useNavigate();
  const { contactId: openId = null } = useParams();
  const { search } = useLocation();
  const [opensNext] = usePreference("opensNext");
  const [selectedIds, setSelectedIds] = useState(noIds);
  const [picker, setPicker] = useState<{ kind: PickerKind; ids: readonly string[] } | null>(null);
  const place = useRef({ openId, search, opensNext });
  place.current = { openId, search, opensNext };

  const nameMember = useCallback(
    (userId: string | null): string => {
      if (userId === null) return "nobody";
      if (userId === me.userId) return "you";
      return store.getSnapshot().inbox?.members.get(userId)?.displayName ?? "a teammate";
    },
    [store, me.userId],
  );

  const actions = useMemo(() => {
    /**
     * Off to the next one, or to the list alone, when what is open is among these. Returns the
     * way back for an undo.
     */
    function leave(contacts: readonly Contact[], to: "next" | "list" = "next"): () => void {
      const { openId: id, search: kept, opensNext: goesOn } = place.current;
      const gone = new Set(contacts.map((contact) => contact.id));
      if (!id || !gone.has(id)) return () => {};
      const base = `/w/${store.workspaceId}`;
      const isPhone = window.matchMedia("(max-width: 767px)").matches;
      const next = to === "next" && goesOn && !isPhone ? findNeighbour(gone, id) : null;
      if (to === "list" || isPhone || goesOn)
        void navigate(`${base}${next ? `/c/${next}` : ""}${kept}`);
      return () => void navigate(`${base}/c/${id}${kept}`);
    }

    function tellFailure(title: string, error: unknown): void {
      toaster.create({ type: "error", title, description: explainFailure(error) });
    }

    function tellConflicts(conflicts: readonly Contact[]): void {
      const [first] = conflicts;
      if (!first) return;
      const state = first.assignedTo
        ? `It is assigned to ${nameMember(first.assignedTo)} now.`
        : `It is ${first.conversationStatus.toLowerCase()} now.`;
      toaster.create({
        type: "warning",
        title:
          conflicts.length === 1
            ? `Someone else changed ${nameContact(first)} first`
            : `Someone else changed ${conflicts.length} of them first`,
        description: `${state} Nothing was overwritten.`,
        closable: true,
      });
    }

    let toastId: string | undefined;
    function offerUndo(title: string, undo: () => void): void {
      if (toastId) toaster.dismiss(toastId);
      toastId = toaster.create({
        title,
        type: "success",
        duration: undoMs,
        closable: true,
        action: { label: "Undo", onClick: undo },
      });
    }

    async function run(
      contacts: readonly Contact[],
      set: ConversationChange,
      { words, leavesTo }: { words: string; leavesTo?: "next" | "list" | undefined },
    ): Promise<void> {
      if (contacts.length === 0) return;
      const goBack = leavesTo ? leave(contacts, leavesTo) : () => {};
      setSelectedIds(noIds);
      try {
        const { items, conflicts } = await store.changeConversations(
          contacts.map((contact) => ({
            contactId: contact.id,
            set,
            expected: expect(contact, set),
          })),
        );
        tellConflicts(conflicts);
        if (items.length === 0) return;
        const before = new Map(contacts.map((contact) => [contact.id, contact]));
        offerUndo(words, () => {
          goBack();
          const changes = items.flatMap((now) => {
            const was = before.get(now.id);
            return was
              ? [{ contactId: now.id, set: invertChange(was, set), expected: expect(now, set) }]
              : [];
          });
          store.changeConversations(changes).then(
            (undone) => tellConflicts(undone.conflicts),
            (error) => tellFailure("It could not be undone", error),
          );
        });
      } catch (error) {
        goBack();
        tellFailure("Nothing was changed", error);
      }
    }

    const name = (contacts: readonly Contact[]) =>
      contacts.length === 1 && contacts[0]
        ? nameContact(contacts[0])
        : `${contacts.length} conversations`;

    return {
      setStatus: (contacts, status) =>
        void run(
          contacts,
          { conversationStatus: status, ...(status === "Open" ? { snoozedUntil: null } : {}) },
          {
            words:
              status === "Done"
                ? `${name(contacts)} done`
                : status === "Pending"
                  ? `${name(contacts)} pending`
                  : `${name(contacts)} reopened`,
            leavesTo: status === "Done" ? "next" : undefined,
          },
        ),
      snooze: (contacts, until) =>
        void run(
          contacts,
          { snoozedUntil: until?.toISOString() ?? null },
          {
            words: until
              ? `${name(contacts)} snoozed until ${formatSnooze(until, new Date())}`
              : `${name(contacts)} is back`,
            leavesTo: until ? "next" : undefined,
          },
        ),
      assign: (contacts, userId) =>
        void run(
          contacts,
          { assignedTo: userId },
          {
            words: userId
              ? `${name(contacts)} assigned to ${nameMember(userId)}`
              : `${name(contacts)} unassigned`,
          },
        ),
      setTag: (contacts, tagId, isOn) => {
        const tag = store.getSnapshot().inbox?.tags.get(tagId);
        void run(contacts, isOn ? { addTagIds: [tagId] } : { removeTagIds: [tagId] }, {
          words: `${name(contacts)}: ${tag?.name ?? "tag"} ${isOn ? "added" : "removed"}`,
        });
      },
      setUnread: (contacts, isUnread) =>
        void run(
          contacts,
          { isUnread },
          {
            words: `${name(contacts)} marked as ${isUnread ? "unread" : "read"}`,
            // An open conversation would be read again at once, and the next one with it.
            leavesTo: isUnread ? "list" : undefined,
          },
        ),
      setBlocked: (contacts, isBlocked) =>
        void run(
          contacts,
          { isBlocked },
          {
            words: `${name(contacts)} ${isBlocked ? "blocked" : "unblocked"}`,
            leavesTo: isBlocked ? "next" : undefined,
          },
        ),
      remove: (contact) => {
        const goBack = leave([contact]);
        setSelectedIds(noIds);
        store.api.deleteContact(contact.id).then(
          () =>
            offerUndo(`${nameContact(contact)} deleted`, () => {
              store.api.restoreContact(contact.id).then(
                (row) => {
                  store.putContact(row);
                  goBack();
                },
                (error) => tellFailure("It could not be brought back", error),
              );
            }),
          (error) => {
            goBack();
            tellFailure("Nothing was deleted", error);
          },
        );
      },
      pick: (kind, contacts) => {
        if (contacts.length > 0) setPicker({ kind, ids: contacts.map((contact) => contact.id) });
      },
    } satisfies Omit<ConversationActions, "selectedIds" | "select">;
  }, [store, navigate, nameMember]);

  const value = useMemo(
    () => ({ ...actions, selectedIds, select: setSelectedIds }),
    [actions, selectedIds],
  );
  return (
    <ActionsContext value={value}>
      {children}
      {picker && (
        <Suspense>
          <ConversationPicker
            key={picker.kind}
            kind={picker.kind}
            contactIds={picker.ids}
            onClose={() => setPicker(null)}
          />
        </Suspense>
      )}
    </ActionsContext>
  );
}

/** The fields that a change touches, as this person sees them: someone faster is not overwritten. */
function expect(contact: Contact, set: ConversationChange): ConversationExpectation {
  return {
    ...(set.conversationStatus === undefined
      ? {}
      : { conversationStatus: contact.conversationStatus }),
    ...(set.snoozedUntil === undefined ? {} : { snoozedUntil: contact.snoozedUntil }),
    ...(set.assignedTo === undefined ? {} : { assignedTo: contact.assignedTo }),
    ...(set.isBlocked === undefined ? {} : { isBlocked: contact.blockedAt !== null }),
  };
}
