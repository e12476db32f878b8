import { Box, chakra, Dialog, Flex, Portal, Text } from "@chakra-ui/react";
import { foldText } from "@livechat/shared";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useState } from "react";
import type { IconType } from "react-icons";
import { LuCommand, LuMessageCircle, LuSearch, LuSettings, LuTextSearch } from "react-icons/lu";
import { useNavigate } from "react-router";
import { contactSearchQuery, messageSearchQuery } from "../api/search-queries.ts";
import { Highlighted, HighlightedWords } from "../components/Highlighted.tsx";
import { Keys } from "../components/shortcuts/Keys.tsx";
import { type ShortcutId, shortcutEntries } from "../components/shortcuts/shortcut-list.ts";
import { isAnswered, runShortcut } from "../components/shortcuts/shortcut-registry.ts";
import { showAddress } from "../components/show-address.ts";
import { useSettled } from "../components/use-settled.ts";
import { byLatest } from "../realtime/by-latest.ts";
import { useInboxPart } from "../realtime/use-inbox.tsx";
import { useWorkspace } from "../session/use-session.ts";
import { settingsParts } from "./pages/settings/sections.ts";

interface Choice {
  id: string;
  group: string;
  icon: IconType;
  label: ReactNode;
  hint?: ReactNode;
  keys?: string | undefined;
  choose(): void;
}

const settleMs = 180;
const hidden: readonly ShortcutId[] = ["openPalette", "leave", "openRow", "nextRow", "previousRow"];
/** The dialog gives the focus back first; a command may then take it elsewhere. */
const afterCloseMs = 120;

/** One field from which every conversation, text, page and command is a few keys away. */
export function Palette({ onClose }: { onClose: () => void }) {
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const known = useInboxPart((snapshot) => snapshot.inbox?.contacts);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();
  const words = query.trim();
  const settled = useSettled(words, settleMs);
  const people = useInfiniteQuery(contactSearchQuery(workspace.id, settled));
  const texts = useInfiniteQuery(messageSearchQuery(workspace.id, settled));
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
    const messages = settled === words && words !== "" ? (texts.data?.pages[0]?.items ?? []) : [];
    return [
      ...rows.map((row) => ({
        id: `contact-${row.id}`,
        group: words === "" ? "Recent conversations" : "Conversations",
        icon: LuMessageCircle,
        label: <HighlightedWords text={row.name ?? showAddress(row.phoneNumber)} query={words} />,
        hint: row.name ? showAddress(row.phoneNumber) : undefined,
        choose: () => void navigate(`${base}/c/${row.id}`),
      })),
      ...commands
        .filter(({ label }) => words === "" || fits(label))
        .slice(0, words === "" ? 20 : 6)
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
        hint: message.contact.name ?? showAddress(message.contact.phoneNumber),
        choose: () => void navigate(`${base}/c/${message.contact.id}?m=${message.messageId}`),
      })),
    ];
  }, [words, settled, known, people.data, texts.data, commands, navigate, base]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other words, other first choice.
  useEffect(() => setAt(0), [words]);
  const active = choices[Math.min(at, choices.length - 1)];
  const isWaiting = words !== "" && (settled !== words || people.isLoading || texts.isLoading);

  useEffect(() => {
    if (active)
      document.getElementById(`${listId}-${active.id}`)?.scrollIntoView({ block: "nearest" });
  }, [active, listId]);

  function choose(choice: Choice | undefined) {
    if (!choice) return;
    onClose();
    choice.choose();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    const last = choices.length - 1;
    const to = {
      ArrowDown: at >= last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      PageDown: Math.min(last, at + 5),
      PageUp: Math.max(0, at - 5),
    }[event.key];
    if (to !== undefined) setAt(to);
    else if (event.key === "Enter") choose(active);
    else if (event.key === "Escape" && query !== "") {
      event.stopPropagation();
      setQuery("");
    } else return;
    event.preventDefault();
  }

  return (
    <Dialog.Root
      open
      onOpenChange={({ open }) => !open && onClose()}
      placement="top"
      motionPreset="none"
      scrollBehavior="inside"
    >
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner paddingX={{ base: "2", md: "4" }}>
          <Dialog.Content
            aria-label="Search and commands"
            maxWidth="38rem"
            marginTop={{ base: "2", md: "12vh" }}
            maxHeight="min(32rem, 80dvh)"
            borderRadius="panel"
            overflow="hidden"
          >
            <Flex
              align="center"
              gap="3"
              paddingX="4"
              height="52px"
              flexShrink="0"
              borderBottomWidth="1px"
              borderColor="hairline"
              color="fg.muted"
            >
              <LuSearch size={19} aria-hidden />
              <chakra.input
                role="combobox"
                aria-label="Search and commands"
                aria-expanded
                aria-controls={listId}
                aria-activedescendant={active ? `${listId}-${active.id}` : undefined}
                aria-autocomplete="list"
                autoComplete="off"
                spellCheck={false}
                placeholder="Search conversations, messages and commands"
                flex="1"
                minWidth="0"
                height="100%"
                outline="none"
                bg="transparent"
                color="fg"
                fontSize="16px"
                _placeholder={{ color: "fg.muted", opacity: 1 }}
                value={query}
                onChange={(event) => setQuery(event.target.value)}
                onKeyDown={onKeyDown}
              />
              <Keys of="Escape" />
            </Flex>
            <Box id={listId} role="listbox" aria-label="Results" overflowY="auto" padding="2">
              {choices.map((choice, index) => (
                <Box key={choice.id} role="presentation">
                  {choice.group !== choices[index - 1]?.group && (
                    <Text
                      role="presentation"
                      paddingX="3"
                      paddingTop={index === 0 ? "1" : "3"}
                      paddingBottom="1"
                      color="fg.muted"
                      fontSize="xs"
                      fontWeight="semibold"
                    >
                      {choice.group}
                    </Text>
                  )}
                  <Row
                    id={`${listId}-${choice.id}`}
                    choice={choice}
                    isActive={choice === active}
                    onPoint={() => setAt(index)}
                    onChoose={() => choose(choice)}
                  />
                </Box>
              ))}
            </Box>
            <Text
              role="status"
              paddingX="5"
              paddingBottom={choices.length === 0 ? "5" : "0"}
              color="fg.muted"
            >
              {choices.length === 0 &&
                (isWaiting
                  ? "Searching…"
                  : `Nothing has “${words}”: no conversation, text or command.`)}
            </Text>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </Dialog.Root>
  );
}

function Row({
  id,
  choice,
  isActive,
  onPoint,
  onChoose,
}: {
  id: string;
  choice: Choice;
  isActive: boolean;
  onPoint(): void;
  onChoose(): void;
}) {
  const { icon: Icon } = choice;
  return (
    <Flex
      id={id}
      role="option"
      aria-selected={isActive}
      align="center"
      gap="3"
      minHeight="38px"
      paddingX="3"
      borderRadius="9px"
      cursor="pointer"
      bg={isActive ? "accent.subtle" : undefined}
      onPointerMove={() => !isActive && onPoint()}
      onClick={onChoose}
      css={{ "& mark": { bg: "transparent", color: "accent.fg", fontWeight: "semibold" } }}
    >
      <Box color={isActive ? "accent.fg" : "fg.muted"} flexShrink="0">
        <Icon size={17} aria-hidden />
      </Box>
      <Text flex="1" minWidth="0" truncate dir="auto">
        {choice.label}
      </Text>
      {choice.hint && (
        <Text color="fg.muted" fontSize="sm" maxWidth="40%" truncate dir="auto">
          {choice.hint}
        </Text>
      )}
      {choice.keys && <Keys of={choice.keys} />}
    </Flex>
  );
}

function dedupe<T extends { id: string }>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}
