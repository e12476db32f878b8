import { chakra } from "@chakra-ui/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { useWorkspace } from "../../session/use-session.ts";
import { quarantineQuery } from "./quarantine-queries.ts";

/** How many posts of Twilio wait for an admin; nothing when none does. Only for admins. */
export function QuarantineBadge() {
  const workspace = useWorkspace();
  const told = useInboxPart((snapshot) => snapshot.inbox?.quarantine);
  const { data } = useInfiniteQuery({ ...quarantineQuery(workspace.id), staleTime: 60_000 });
  const count = told?.openCount ?? data?.pages[0]?.openCount ?? 0;
  if (count === 0) return null;
  return (
    <Pill role="img" aria-label={`${count} in quarantine`} title={`${count} in quarantine`}>
      {count > 99 ? "99+" : count}
    </Pill>
  );
}

const Pill = chakra("span", {
  base: {
    display: "inline-grid",
    placeItems: "center",
    minWidth: "17px",
    height: "17px",
    paddingX: "4.5px",
    borderRadius: "full",
    bg: "status.error",
    color: "bg.panel",
    fontSize: "10.5px",
    fontWeight: "bold",
    lineHeight: "1",
    fontVariantNumeric: "tabular-nums",
  },
});
