import { foldText } from "@livechat/shared";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import type { IconType } from "react-icons";
import { LuCommand, LuMessageCircle, LuSettings, LuStickyNote, LuTextSearch } from "react-icons/lu";
import { useNavigate } from "react-router";
import { contactSearchQuery, messageSearchQuery, noteSearchQuery } from "../api/search-queries.ts";
import { Highlighted, HighlightedWords } from "../components/Highlighted.tsx";
import { nameContact } from "../components/name-contact.ts";
import { type ShortcutId, shortcutEntries } from "../components/shortcuts/shortcut-list.ts";
import { isAnswered, runShortcut } from "../components/shortcuts/shortcut-registry.ts";
import { showAddress } from "../components/show-address.ts";
import { useSettled } from "../components/use-settled.ts";
import { byLatest } from "../realtime/by-latest.ts";
import { useInboxPart } from "../realtime/use-inbox.tsx";
import { useWorkspace } from "../session/use-session.ts";
import { settingsParts } from "./pages/settings/sections.ts";

/** One thing that the palette offers. */
export interface Choice {
  id: string;
  group: string;
  icon: IconType;
  label: ReactNode;
  hint?: ReactNode;
  keys?: string | undefined;
  choose(): void;
}

const settleMs = 180;
/** What the palette does itself, or what makes sense only under the keys. */
const hidden: readonly ShortcutId[] = ["openPalette", "leave", "openRow", "nextRow", "previousRow"];
/** The dialog gives the focus back first; a command may then take it elsewhere. */
const afterCloseMs = 120;

/**
 * What the palette offers for these words: conversations, commands, texts and
 * notes, in the order in which they stand.
 */
export function usePaletteChoices(words: string): { choices: Choice[]; isWaiting: boolean } {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const known = useInboxPart((snapshot) => snapshot.inbox?.contacts);
  const settled = useSettled(words, settleMs);
  const people = useInfiniteQuery(contactSearchQuery(workspace.id, settled));
  const texts = useInfiniteQuery(messageSearchQuery(workspace.id, settled));
  const noted = useInfiniteQuery(noteSearchQuery(workspace.id, settled));
  const base = `/w/${workspace.id}`;

  const commands = useMemo(
    () => [
      ...shortcutEntries
        .filter(([id, { isNative }]) => !isNative && !hidden.includes(id) && isAnswered(id))
        .map(([id, { label, keys }]) => ({
          id: `command-${id}`,
          icon: LuCommand,
          label,
          keys: keys[0],
          choose: () => setTimeout(() => runShortcut(id), afterCloseMs),
        })),
      ...settingsParts
        .filter(({ needsAdmin }) => !needsAdmin || workspace.role !== "agent")
        .map(({ path, label }) => ({
          id: `settings-${path}`,
          icon: LuSettings,
          label: `Settings: ${label}`,
          choose: () => void navigate(`${base}/settings/${path}`),
        })),
    ],
    [base, navigate, workspace.role],
  );

  const choices = useMemo((): Choice[] => {
    const wanted = foldText(words).split(/\s+/);
    const fits = (text: string) => wanted.every((word) => foldText(text).includes(word));
    const loaded = [...(known?.values() ?? [])].sort(byLatest);
    const found = settled === words ? (people.data?.pages.flatMap((page) => page.items) ?? []) : [];
    const rows =
      words === ""
        ? loaded.slice(0, 5)
        : dedupe([
            ...loaded
              .filter((row) => fits(`${row.name ?? ""} ${row.phoneNumber} ${row.company ?? ""}`))
              .slice(0, 6),
            ...found,
          ]).slice(0, 7);
    const isCurrent = settled === words && words !== "";
    const messages = isCurrent ? (texts.data?.pages[0]?.items ?? []) : [];
    const notes = isCurrent ? (noted.data?.pages[0]?.items ?? []) : [];
    return [
      ...rows.map((row) => ({
        id: `contact-${row.id}`,
        group: words === "" ? "Recent conversations" : "Conversations",
        icon: LuMessageCircle,
        label: <HighlightedWords text={nameContact(row)} query={words} />,
        hint: row.name ? showAddress(row.phoneNumber) : undefined,
        choose: () => void navigate(`${base}/c/${row.id}`),
      })),
      ...commands
        .filter(({ label }) => words === "" || fits(label))
        .slice(0, words === "" ? undefined : 6)
        .map((command) => ({
          ...command,
          group: "Commands",
          label: <HighlightedWords text={command.label} query={words} />,
        })),
      ...messages.slice(0, 8).map((message) => ({
        id: `text-${message.messageId}`,
        group: "Messages",
        icon: LuTextSearch,
        label: <Highlighted text={message.snippet.text} ranges={message.snippet.ranges} />,
        hint: nameContact(message.contact),
        choose: () => void navigate(`${base}/c/${message.contact.id}?m=${message.messageId}`),
      })),
      ...notes.slice(0, 5).map((note) => ({
        id: `note-${note.noteId}`,
        group: "Internal notes",
        icon: LuStickyNote,
        label: <Highlighted text={note.snippet.text} ranges={note.snippet.ranges} />,
        hint: nameContact(note.contact),
        choose: () => void navigate(`${base}/c/${note.contact.id}?n=${note.noteId}`),
      })),
    ];
  }, [words, settled, known, people.data, texts.data, noted.data, commands, navigate, base]);

  const isSearching = people.isLoading || texts.isLoading || noted.isLoading;
  return { choices, isWaiting: words !== "" && (settled !== words || isSearching) };
}

function dedupe<T extends { id: string }>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}
