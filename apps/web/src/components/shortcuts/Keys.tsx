import { chakra } from "@chakra-ui/react";
import { isMac } from "./is-mac.ts";

const names: Record<string, string> = {
  Mod: isMac ? "⌘" : "Ctrl",
  Alt: isMac ? "⌥" : "Alt",
  Escape: "Esc",
  Enter: "Enter",
};

const Key = chakra("kbd", {
  base: {
    display: "inline-grid",
    placeItems: "center",
    minWidth: "22px",
    height: "22px",
    paddingX: "1.5",
    borderRadius: "6px",
    borderWidth: "1px",
    borderColor: "hairline",
    bg: "bg.muted",
    color: "fg.muted",
    fontFamily: "body",
    fontSize: "12px",
    fontWeight: "medium",
    lineHeight: "1",
  },
});

/** The keys of a shortcut as caps: `Mod+k` or `g i`. */
export function Keys({ of }: { of: string }) {
  const caps = of.split(/[+ ]/);
  return (
    <chakra.span display="inline-flex" gap="1" whiteSpace="nowrap">
      {caps.map((cap) => (
        <Key key={cap}>{names[cap] ?? cap.toUpperCase()}</Key>
      ))}
    </chakra.span>
  );
}
