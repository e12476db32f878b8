import { chakra, HStack } from "@chakra-ui/react";
import type { ReactNode } from "react";

const tones = {
  quiet: { bg: "bg.muted" },
  accent: { bg: "accent.subtle" },
  alert: { bg: "bubble.failed", color: "bubble.failedFg" },
} as const;

/** A thin line over the page, with what can be done about it at its end. */
export function Banner({
  tone = "quiet",
  children,
}: {
  tone?: keyof typeof tones;
  children: ReactNode;
}) {
  return (
    <HStack
      justify="center"
      gap="2"
      flexWrap="wrap"
      flexShrink="0"
      paddingX="4"
      paddingY="1"
      minHeight="30px"
      {...tones[tone]}
      borderBottomWidth="1px"
      borderColor="hairline"
      fontSize="12.5px"
      textAlign="center"
      textWrap="balance"
    >
      {children}
    </HStack>
  );
}

/** What a banner offers. */
export const BannerButton = chakra("button", {
  base: {
    minHeight: { base: "36px", md: "24px" },
    paddingX: "2",
    borderRadius: "8px",
    color: "accent.fg",
    fontWeight: "semibold",
    cursor: "pointer",
    _hover: { bg: "sidebar.hover" },
  },
});
