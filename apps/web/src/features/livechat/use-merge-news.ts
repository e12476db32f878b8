import { useEffect, useRef } from "react";
import { useNavigate } from "react-router";
import { isolate } from "../../components/isolate.ts";
import { nameContact } from "../../components/name-contact.ts";
import { toaster } from "../../components/toaster.tsx";
import type { MergeNews } from "../../realtime/inbox-store.ts";
import { useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";

/**
 * Takes whoever has a merged conversation open to the one that it is part of now,
 * says why, and brings along what was begun there.
 */
export function useMergeNews(openContactId: string | null): void {
  const { store } = useInbox();
  const navigate = useNavigate();
  const me = useMe();
  const open = useRef(openContactId);
  useEffect(() => {
    open.current = openContactId;
  }, [openContactId]);

  const numbers = useInboxPart(({ inbox }) =>
    openContactId === null ? undefined : inbox?.contacts.get(openContactId)?.otherNumbers,
  );
  // Where the merge was made while this browser was closed, or on another page, nothing told of it.
  useEffect(() => {
    if (openContactId === null || !numbers || numbers.length === 0) return;
    void import("./bring-along.ts").then(({ bringAlong }) => {
      for (const { contactId } of numbers) bringAlong(store.workspaceId, contactId, openContactId);
    });
  }, [store, openContactId, numbers]);

  useEffect(() => {
    async function follow({ absorbedId, contact, actor }: MergeNews): Promise<void> {
      const wasOpen = open.current === absorbedId;
      const { bringAlong } = await import("./bring-along.ts");
      const hasDraft = bringAlong(store.workspaceId, absorbedId, contact.id);
      if (!wasOpen) return;
      void navigate(`/w/${store.workspaceId}/c/${contact.id}`, { replace: true });
      if (actor?.id === me.userId) return;
      toaster.create({
        type: "info",
        title: actor ? `${actor.name} merged this conversation` : "This conversation was merged",
        description: `It is part of the one with ${isolate(nameContact(contact))} now.${
          hasDraft ? " What you had begun to write came along." : ""
        }`,
        duration: 10_000,
        closable: true,
      });
    }
    return store.onMerged((news) => void follow(news));
  }, [store, navigate, me.userId]);
}
