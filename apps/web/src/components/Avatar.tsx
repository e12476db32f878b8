import type { CSSProperties } from "react";
import { LuUser } from "react-icons/lu";
import "./avatar.css";
import { readInitials } from "./read-initials.ts";

const hues = [212, 262, 330, 12, 32, 150, 182, 236];

interface AvatarProps {
  /** Of the contact or the member: it decides on the colour, which stays theirs on every screen. */
  id: string;
  /** Null for who has none: a picture of a person stands in. */
  name: string | null;
  /** The width in px. */
  size?: number;
}

/** A person's round picture: initials on a colour of their own. Says nothing to screen readers: the name stands beside it. */
export function Avatar({ id, name, size = 44 }: AvatarProps) {
  const initials = readInitials(name);
  const style = { "--hue": pickHue(id), "--size": `${size}px` } as CSSProperties;
  return (
    <span className="lc-avatar" style={style} aria-hidden="true">
      {initials ?? <LuUser />}
    </span>
  );
}

function pickHue(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) >>> 0;
  return hues[sum % hues.length] ?? 212;
}
