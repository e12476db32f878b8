import { toStorableText } from "../platform/storable-text.ts";

/** A name as it is stored; null when nothing is left of it. */
export function cleanName(name: string | null): string | null {
  const clean = name === null ? "" : toStorableText(name).trim();
  return clean === "" ? null : clean;
}
