import type { CSSProperties } from "react";
import { LuUser } from "react-icons/lu";
import { pickHue, readInitials } from "./describe-contact.ts";

/** A contact's round picture: initials on its own colour. Says nothing to screen readers: the name stands beside it. */
export function ContactAvatar({
  id,
  name,
  size = 44,
}: {
  id: string;
  name: string | null;
  size?: number;
}) {
  const initials = readInitials(name);
  const style = { "--hue": pickHue(id), "--size": `${size}px` } as CSSProperties;
  return (
    <span className="lc-avatar" style={style} aria-hidden="true">
      {initials ?? <LuUser />}
    </span>
  );
}
