import { chakra } from "@chakra-ui/react";
import { readInitials } from "./read-initials.ts";

const Square = chakra("span", {
  base: {
    display: "grid",
    placeItems: "center",
    flexShrink: "0",
    boxSize: "38px",
    borderRadius: "11px",
    bg: "fg",
    color: "bg",
    fontSize: "15px",
    fontWeight: "semibold",
    _before: { content: "attr(data-initials)" },
  },
});

/** A workspace's letters, for the eye only: they are no text, so they never mix with a label. */
export function Initials({ name }: { name: string }) {
  return <Square aria-hidden data-initials={readInitials(name) ?? [...name.trim()][0] ?? ""} />;
}
