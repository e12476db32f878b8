import { type CannedReply, fillVariables, type VariableValues } from "@livechat/shared";
import { type KeyboardEvent, useEffect, useMemo, useState } from "react";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { findEmoji, loadEmojiNames, type NamedEmoji } from "./emoji-names.ts";
import { type ComposerToken, findToken, replaceToken } from "./find-token.ts";
import { rankMatches } from "./rank-matches.ts";
import type { Suggestion } from "./SuggestionList.tsx";

const maxShown = 20;
const noReplies: ReadonlyMap<string, CannedReply> = new Map();

/** What the word at the caret may mean: a canned reply or an emoji, and how the keys choose one. */
export function useComposerSuggestions(options: {
  text: string;
  caret: number;
  values: VariableValues;
  onInsert(text: string, caret: number): void;
}) {
  const { text, caret, values, onInsert } = options;
  const replies = useInboxPart((snapshot) => snapshot.inbox?.cannedReplies) ?? noReplies;
  const [names, setNames] = useState<readonly NamedEmoji[] | null>(null);
  const [activeAt, setActiveAt] = useState(0);
  /** The word that was waved away by Escape. */
  const [dismissed, setDismissed] = useState<string | null>(null);
  const token = useMemo(() => findToken(text, caret), [text, caret]);
  const key = token ? `${token.from} ${token.query}` : null;
  const isOpen = token !== null && dismissed !== `${token.from}`;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another word begins at its first match.
  useEffect(() => setActiveAt(0), [key]);
  useEffect(() => {
    if (!token) setDismissed(null);
  }, [token]);
  const wantsEmoji = token?.kind === "emoji";
  useEffect(() => {
    if (!wantsEmoji || names) return;
    loadEmojiNames().then(setNames, () => undefined);
  }, [wantsEmoji, names]);

  const items = useMemo(
    () => (token && isOpen ? listSuggestions(token, replies, names ?? []) : []),
    [token, isOpen, replies, names],
  );

  function choose(at: number) {
    const item = items[at];
    if (!item || !token) return;
    const inserted =
      token.kind === "canned"
        ? fillVariables(replies.get(item.id)?.content ?? "", values).text
        : `${item.id} `;
    const next = replaceToken(text, token, inserted);
    onInsert(next.text, next.caret);
  }

  return {
    kind: token?.kind ?? null,
    isOpen: isOpen && (items.length > 0 || token.kind === "canned"),
    hasReplies: replies.size > 0,
    items,
    activeAt: Math.min(activeAt, Math.max(0, items.length - 1)),
    setActiveAt,
    choose,
    /** Whether the key was for the list. */
    onKeyDown(event: KeyboardEvent): boolean {
      if (!isOpen || !token) return false;
      if (event.key === "Escape") {
        setDismissed(`${token.from}`);
        // The field keeps the focus: only the list goes.
        event.stopPropagation();
        event.nativeEvent.stopImmediatePropagation();
        return true;
      }
      if (items.length === 0) return false;
      switch (event.key) {
        case "ArrowDown":
          setActiveAt((at) => (at + 1) % items.length);
          return true;
        case "ArrowUp":
          setActiveAt((at) => (at - 1 + items.length) % items.length);
          return true;
        case "Enter":
        case "Tab":
          if (event.shiftKey) return false;
          choose(Math.min(activeAt, items.length - 1));
          return true;
        default:
          return false;
      }
    },
  };
}

function listSuggestions(
  token: ComposerToken,
  replies: ReadonlyMap<string, CannedReply>,
  names: readonly NamedEmoji[],
): Suggestion[] {
  switch (token.kind) {
    case "canned": {
      const sorted = [...replies.values()].sort((a, b) => a.shortcut.localeCompare(b.shortcut));
      return rankMatches(sorted, token.query, ({ shortcut, content }) => ({
        name: shortcut,
        text: content,
      }))
        .slice(0, maxShown)
        .map(({ id, shortcut, content }) => ({ id, name: `/${shortcut}`, detail: content }));
    }
    case "emoji":
      return findEmoji(names, token.query).map(({ emoji, name }) => ({
        id: emoji,
        name: emoji,
        detail: `:${name}:`,
      }));
    default:
      return token.kind satisfies never;
  }
}
