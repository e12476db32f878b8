/** What of a keyboard event decides which shortcut it is. */
export type KeyPress = Pick<
  KeyboardEvent,
  "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "shiftKey"
>;

/** Where a key was pressed. */
export interface KeyPlace {
  isTyping: boolean;
  isMac: boolean;
}

/** Whether these keys, one step of a shortcut, are what was pressed there. */
export function matchesStep(step: string, press: KeyPress, place: KeyPlace): boolean {
  if (step.startsWith("Mod+")) {
    // With Ctrl a Mac moves and deletes in what is being written.
    const mayBeCtrl = !(place.isMac && place.isTyping);
    const isMod = mayBeCtrl ? press.metaKey !== press.ctrlKey : press.metaKey && !press.ctrlKey;
    return isMod && !press.altKey && !press.shiftKey && namesLetter(press, step.slice(4));
  }
  if (step.startsWith("Alt+")) {
    const letter = step.slice(4).toLowerCase();
    const isAlt = press.altKey && !press.ctrlKey && !press.metaKey && !press.shiftKey;
    // With Alt many keyboards type another character, or begin an accent. In a text that is what was meant.
    if (place.isTyping && press.key.toLowerCase() !== letter) return false;
    return isAlt && press.code === `Key${letter.toUpperCase()}`;
  }
  if (press.altKey || press.ctrlKey || press.metaKey) return false;
  if (/^[a-z]$/.test(step)) return !press.shiftKey && namesLetter(press, step);
  return press.key === step;
}

/** True for a shortcut whose keys also type something, alone or with Alt: a person may switch it off. */
export function isCharacterKey(keys: string): boolean {
  return !keys.startsWith("Mod+") && keys !== "Escape" && keys !== "Enter";
}

function namesLetter(press: KeyPress, letter: string): boolean {
  if (press.key.toLowerCase() === letter) return true;
  // A keyboard of another script has no such letter: its place counts.
  return /^\P{ASCII}+$/u.test(press.key) && press.code === `Key${letter.toUpperCase()}`;
}
