import type { Contact } from "@livechat/shared";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { LuEye } from "react-icons/lu";
import { seenQuery } from "../../api/seen-queries.ts";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";
import "./finding.css";
import { formatListTime, formatMoment } from "./format-time.ts";
import { useNow } from "./use-now.ts";

/** A teammate's look is written down a second after it began. */
const settleMs = 2500;
const repeatEveryMs = 60_000;

/** Who else of the team saw the conversation, and when last; nothing when nobody did. */
export function SeenBy({ contact }: { contact: Contact }) {
  const me = useMe();
  const now = useNow();
  const queryClient = useQueryClient();
  const members = useInboxPart((snapshot) => snapshot.inbox?.members);
  const viewers = useInboxPart((snapshot) =>
    snapshot.people
      .filter((person) => person.viewingContactId === contact.id)
      .map((person) => person.userId)
      .join(" "),
  );
  const query = seenQuery(contact.workspaceId, contact.id);
  const { data } = useQuery({ ...query, staleTime: 0, refetchInterval: repeatEveryMs });

  // Who comes or goes has seen it: presence tells of that at once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it asks anew whenever the viewers change.
  useEffect(() => {
    const timer = setTimeout(
      () => void queryClient.invalidateQueries({ queryKey: query.queryKey }),
      settleMs,
    );
    return () => clearTimeout(timer);
  }, [viewers, contact.id]);

  const others = (data?.items ?? []).filter(
    ({ userId }) => userId !== me.userId && members?.has(userId),
  );
  if (others.length === 0) return null;
  return (
    <p className="lc-seen">
      <LuEye aria-hidden="true" />
      <span>
        Seen by{" "}
        {others.map(({ userId, seenAt }, at) => (
          <span key={userId}>
            {at > 0 && ", "}
            <bdi>{members?.get(userId)?.displayName}</bdi>{" "}
            <time dateTime={seenAt} title={formatMoment(seenAt)}>
              {formatListTime(seenAt, now)}
            </time>
          </span>
        ))}
      </span>
    </p>
  );
}
