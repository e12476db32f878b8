import { chakra } from "@chakra-ui/react";
import { LuUser } from "react-icons/lu";

const Disc = chakra("span", {
  base: {
    display: "grid",
    placeItems: "center",
    flexShrink: "0",
    fontWeight: "semibold",
    _before: { content: "attr(data-initials)" },
  },
});

interface InitialsProps {
  name: string;
  shape: "square" | "round";
}

/**
 * The first letters of a name, for the eye only: they are no text, so they never mix with a label.
 * What has no letters, such as a phone number, is shown as a person.
 */
export function Initials({ name, shape }: InitialsProps) {
  const isSquare = shape === "square";
  const hasLetters = isSquare || /\p{L}/u.test(name);
  return (
    <Disc
      aria-hidden
      data-initials={hasLetters ? initialsOf(name) : ""}
      boxSize={isSquare ? "38px" : "36px"}
      borderRadius={isSquare ? "11px" : "full"}
      fontSize={isSquare ? "15px" : "13px"}
      bg={isSquare ? "fg" : "gray.muted"}
      color={isSquare ? "bg" : "fg"}
    >
      {!hasLetters && <LuUser size={18} />}
    </Disc>
  );
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}
