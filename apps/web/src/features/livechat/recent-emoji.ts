const storageKey = "livechat.recent-emoji";
const maxKept = 9;

/** The emoji that were chosen last in this browser, the latest first. */
export function readRecentEmoji(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "[]");
    return Array.isArray(kept) ? kept.filter((each) => typeof each === "string") : [];
  } catch {
    return [];
  }
}

/** Remembers a chosen emoji as the latest. */
export function keepRecentEmoji(emoji: string): void {
  const kept = [emoji, ...readRecentEmoji().filter((each) => each !== emoji)].slice(0, maxKept);
  try {
    localStorage.setItem(storageKey, JSON.stringify(kept));
  } catch {
    // Without storage the picker works all the same.
  }
}
