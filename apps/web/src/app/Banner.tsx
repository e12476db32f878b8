import { chakra, HStack } from "@chakra-ui/react";
import type { ReactNode } from "react";

/** A thin line over the page, with what can be done about it at its end. */
export function Banner({
  tone = "quiet",
  children,
}: {
  tone?: "quiet" | "accent";
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
      bg={tone === "accent" ? "accent.subtle" : "bg.muted"}
      borderBottomWidth="1px"
      borderColor="hairline"
      fontSize="12.5px"
      textAlign="center"
    >
      {children}
    </HStack>
  );
}

/** What a banner offers. */
export const BannerButton = chakra("button", {
  base: {
    minHeight: "24px",
    paddingX: "2",
    borderRadius: "8px",
    color: "accent.fg",
    fontWeight: "semibold",
    cursor: "pointer",
    _hover: { bg: "sidebar.hover" },
  },
});
