import * as z from "zod";
import { rankMatches } from "./rank-matches.ts";

export interface NamedEmoji {
  emoji: string;
  name: string;
}

const shortcodes = z.record(z.string(), z.union([z.string(), z.array(z.string())]));
/** Where our own server has the data, in a folder named by its version. */
export const emojiFolder = "/assets/emoji-17.0.0";
const maxShown = 8;
let loading: Promise<readonly NamedEmoji[]> | null = null;

/** Every emoji by its `:shortcodes:`, loaded once. Throws when they can't be had now. */
export function loadEmojiNames(): Promise<readonly NamedEmoji[]> {
  loading ??= load().catch((error: unknown) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function load(): Promise<readonly NamedEmoji[]> {
  const response = await fetch(`${emojiFolder}/en/shortcodes.json`);
  if (!response.ok) throw new Error("The emoji could not be loaded.");
  return listEmojiNames(shortcodes.parse(await response.json()));
}

/** The emoji of a file of shortcodes, whose keys are code points such as `1F44D`. */
export function listEmojiNames(codes: z.infer<typeof shortcodes>): NamedEmoji[] {
  return Object.entries(codes).flatMap(([hexcode, names]) => {
    const points = hexcode.split("-").map((point) => Number.parseInt(point, 16));
    const emoji = String.fromCodePoint(...points);
    return [names].flat().map((name) => ({ emoji, name }));
  });
}

/** The emoji that a begun shortcode may mean, the likeliest first, each once. */
export function findEmoji(all: readonly NamedEmoji[], query: string): NamedEmoji[] {
  const found = new Map<string, NamedEmoji>();
  for (const each of rankMatches(all, query, ({ name }) => ({ name }))) {
    if (!found.has(each.emoji)) found.set(each.emoji, each);
    if (found.size === maxShown) break;
  }
  return [...found.values()];
}
