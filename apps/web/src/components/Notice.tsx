import { Box } from "@chakra-ui/react";
import type { ReactNode } from "react";

const looks = {
  error: { bg: "bubble.failed", color: "bubble.failedFg", role: "alert" },
  info: { bg: "accent.subtle", color: "fg", role: "status" },
} as const;

/** A sentence that stays on the page; an error is read out at once. */
export function Notice({ kind, children }: { kind: keyof typeof looks; children: ReactNode }) {
  const look = looks[kind];
  return (
    <Box
      role={look.role}
      bg={look.bg}
      color={look.color}
      borderRadius="lg"
      paddingX="3"
      paddingY="2.5"
      fontSize="sm"
      overflowWrap="anywhere"
    >
      {children}
    </Box>
  );
}
