/** What of a keyboard event decides which shortcut it is. */
export type KeyPress = Pick<
  KeyboardEvent,
  "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey"
>;

/** Whether these keys, one step of a shortcut, are what was pressed. */
export function matchesStep(step: string, press: KeyPress): boolean {
  if (step.startsWith("Mod+")) {
    const isMod = press.metaKey !== press.ctrlKey && !press.altKey && !press.shiftKey;
    return isMod && namesLetter(press, step.slice(4));
  }
  if (step.startsWith("Alt+")) {
    // With Alt a Mac types another character, so the place of the key counts.
    const isAlt = press.altKey && !press.ctrlKey && !press.metaKey && !press.shiftKey;
    return isAlt && press.code === `Key${step.slice(4).toUpperCase()}`;
  }
  if (press.altKey || press.ctrlKey || press.metaKey) return false;
  if (/^[a-z]$/.test(step)) return !press.shiftKey && namesLetter(press, step);
  return press.key === step;
}

/** True for a shortcut that needs no modifier, which a person may switch off. */
export function isSingleKey(keys: string): boolean {
  return !keys.includes("+") && keys !== "Escape" && keys !== "Enter";
}

function namesLetter(press: KeyPress, letter: string): boolean {
  if (press.key.toLowerCase() === letter) return true;
  // A keyboard of another script has no such letter: its place counts.
  return /^\P{ASCII}+$/u.test(press.key) && press.code === `Key${letter.toUpperCase()}`;
}
