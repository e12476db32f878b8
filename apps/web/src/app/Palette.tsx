import { Box, chakra, Dialog, Flex, Portal, Text } from "@chakra-ui/react";
import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { LuSearch } from "react-icons/lu";
import { ModalRoot } from "../components/ModalRoot.tsx";
import { Keys } from "../components/shortcuts/Keys.tsx";
import { PaletteRow } from "./PaletteRow.tsx";
import { type Choice, usePaletteChoices } from "./use-palette-choices.tsx";

/** One field from which every conversation, text, note, page and command is a few keys away. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();
  const words = query.trim();
  const { choices, isWaiting } = usePaletteChoices(words);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other words, other first choice.
  useEffect(() => setAt(0), [words]);
  const active = choices[Math.min(at, choices.length - 1)];

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
    <ModalRoot
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
                placeholder="Search conversations, messages, notes and commands"
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
                  <PaletteRow
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
                  : `Nothing has “${words}”: no conversation, text, note or command.`)}
            </Text>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </ModalRoot>
  );
}
