import { chakra } from "@chakra-ui/react";

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

/** The first letters of a name, for the eye only: they are no text, so they never mix with a label. */
export function Initials({ name, shape }: InitialsProps) {
  const isSquare = shape === "square";
  return (
    <Disc
      aria-hidden
      data-initials={initialsOf(name)}
      boxSize={isSquare ? "38px" : "36px"}
      borderRadius={isSquare ? "11px" : "full"}
      fontSize={isSquare ? "15px" : "13px"}
      bg={isSquare ? "fg" : "gray.muted"}
      color={isSquare ? "bg" : "fg"}
    />
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
