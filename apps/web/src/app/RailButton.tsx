import { Box, chakra } from "@chakra-ui/react";
import { LuChevronsUpDown } from "react-icons/lu";
import { Initials } from "../components/Initials.tsx";

/** What opens a menu of the rail. */
export const RailButton = chakra("button", {
  base: {
    display: "grid",
    placeItems: "center",
    minWidth: "44px",
    height: "44px",
    borderRadius: "12px",
    color: "fg.muted",
    cursor: "pointer",
    transition: "background-color 120ms",
    _hover: { bg: "sidebar.hover" },
  },
});

/** The workspace's letters, with the sign that there is more to choose. */
export function WorkspaceBadge({ name }: { name: string }) {
  return (
    <Box position="relative">
      <Initials name={name} />
      <Box
        position="absolute"
        right="-4px"
        bottom="-4px"
        padding="1px"
        borderRadius="full"
        bg="bg.panel"
        color="fg.muted"
        borderWidth="1px"
        borderColor="hairline"
        aria-hidden
      >
        <LuChevronsUpDown size={10} />
      </Box>
    </Box>
  );
}
