import { Box, Button, chakra, Dialog, Input, Text } from "@chakra-ui/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useState } from "react";
import { contactSearchQuery } from "../../api/search-queries.ts";
import { nameContact } from "../../components/name-contact.ts";
import { useSettled } from "../../components/use-settled.ts";
import { explainFailure, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useWorkspace } from "../../session/use-session.ts";
import { PersonLine } from "./PersonLine.tsx";

const settleMs = 200;
const maxShown = 8;

/** Finds the contact that is the same person, by name, number or e-mail. */
export function MergePicker({
  contactId,
  onChoose,
  onClose,
}: {
  contactId: string;
  onChoose(otherId: string): void;
  onClose(): void;
}) {
  const workspace = useWorkspace();
  const contact = useInboxPart((snapshot) => snapshot.inbox?.contacts.get(contactId));
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const words = useSettled(query.trim(), settleMs);
  const search = useInfiniteQuery(contactSearchQuery(workspace.id, words));
  const found = (search.data?.pages.flatMap((page) => page.items) ?? [])
    .filter((row) => row.id !== contactId)
    .slice(0, maxShown);
  const active = found[Math.min(at, found.length - 1)];
  const name = contact ? nameContact(contact) : "this contact";

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt(Math.max(0, Math.min(found.length - 1, at + step)));
    } else if (event.key === "Enter" && active) {
      event.preventDefault();
      onChoose(active.id);
    }
  }

  return (
    <>
      <Dialog.Header paddingBottom="2">
        <Dialog.Title fontSize="md">
          Merge <bdi>{name}</bdi> with…
        </Dialog.Title>
      </Dialog.Header>
      <Dialog.Body display="grid" gridTemplateColumns="minmax(0, 1fr)" gap="3" paddingBottom="4">
        <Input
          autoFocus
          role="combobox"
          aria-label="Find the other contact"
          aria-expanded={found.length > 0}
          aria-autocomplete="list"
          aria-controls={`${id}-list`}
          aria-activedescendant={active ? `${id}-${active.id}` : undefined}
          placeholder="Name, number or e-mail"
          autoComplete="off"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
        <Box id={`${id}-list`} role="listbox" aria-label="Contacts" minHeight="3rem">
          {found.map((row) => (
            <chakra.div
              key={row.id}
              id={`${id}-${row.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={row === active}
              display="flex"
              alignItems="center"
              gap="3"
              minHeight="52px"
              paddingX="2"
              borderRadius="10px"
              cursor="pointer"
              bg={row === active ? "accent.subtle" : undefined}
              _hover={{ bg: "sidebar.hover" }}
              onClick={() => onChoose(row.id)}
              onKeyDown={(event) => event.key === "Enter" && onChoose(row.id)}
            >
              <PersonLine contact={row} />
            </chakra.div>
          ))}
        </Box>
        <Text role="status" color="fg.muted" fontSize="sm">
          {search.error
            ? explainFailure(search.error)
            : query.trim() === ""
              ? "Look for the other card of the same person. You see both before anything changes."
              : search.isFetching || words !== query.trim()
                ? "Searching…"
                : found.length === 0
                  ? "No other contact is found with this."
                  : ""}
        </Text>
      </Dialog.Body>
      <Dialog.Footer paddingTop="0">
        <Button variant="ghost" onClick={onClose}>
          Cancel
        </Button>
      </Dialog.Footer>
    </>
  );
}
