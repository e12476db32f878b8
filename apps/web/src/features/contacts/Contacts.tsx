import { Box, Button, chakra, Flex, Heading, IconButton, Input, Text } from "@chakra-ui/react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Suspense, useEffect, useRef, useState } from "react";
import { LuDownload, LuSearch, LuUpload, LuUserPlus, LuUsers, LuX } from "react-icons/lu";
import { useSearchParams } from "react-router";
import { downloadFile } from "../../api/download-file.ts";
import { late } from "../../components/late.tsx";
import { mergeParams } from "../../components/merge-params.ts";
import { useShortcut } from "../../components/shortcuts/use-shortcut.ts";
import { useAddressRules } from "../../components/show-address.ts";
import { toaster } from "../../components/toaster.tsx";
import { explainFailure } from "../../realtime/use-inbox.tsx";
import { useWorkspace } from "../../session/use-session.ts";
import { ContactColumns, ContactRow, rowHeightPx } from "./ContactRow.tsx";
import { useFoundContacts } from "./use-found-contacts.ts";

const ImportDialog = late(async () => (await import("./ImportDialog.tsx")).ImportDialog);

/** Everyone whom the workspace knows, the latest conversation first, live. */
export function Contacts({ onAdd }: { onAdd(): void }) {
  const workspace = useWorkspace();
  const [query, setQuery] = useState("");
  const [isImporting, setIsImporting] = useState(false);
  const [isExporting, setIsExporting] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const words = query.trim();
  const mayMove = workspace.role !== "agent";
  const [, setParams] = useSearchParams();
  const showDuplicates = () => setParams({ [mergeParams.duplicates]: "1" }, { replace: true });
  useAddressRules();
  useShortcut("search", () => field.current?.focus());

  const { contacts, pages, isWaiting } = useFoundContacts(words);

  const virtualizer = useVirtualizer({
    count: contacts.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeightPx,
    getItemKey: (at) => contacts[at]?.id ?? at,
    overscan: 10,
  });
  const lastShown = virtualizer.getVirtualItems().at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isError } = pages;
  useEffect(() => {
    if (!hasNextPage || isFetchingNextPage || isError) return;
    if (lastShown >= contacts.length - 20) void fetchNextPage();
  }, [lastShown, contacts.length, hasNextPage, isFetchingNextPage, isError, fetchNextPage]);

  async function exportAll() {
    setIsExporting(true);
    try {
      await downloadFile(`/api/workspaces/${workspace.id}/contacts.csv`, "contacts.csv");
    } catch (error) {
      toaster.create({
        type: "error",
        title: "The contacts were not exported",
        description: explainFailure(error),
      });
    } finally {
      setIsExporting(false);
    }
  }

  return (
    <Flex direction="column" height="100%" minHeight="0" bg="bg">
      <Flex
        align="center"
        gap="2"
        flexWrap="wrap"
        paddingX={{ base: "4", md: "6" }}
        paddingTop={{ base: "3", md: "5" }}
        paddingBottom="3"
        flexShrink="0"
      >
        <Heading as="h1" size="2xl" letterSpacing="-0.025em" marginInlineEnd="auto">
          Contacts
        </Heading>
        <Button variant="ghost" size="sm" hideBelow="md" onClick={showDuplicates}>
          <LuUsers aria-hidden /> Duplicates
        </Button>
        <IconButton
          variant="ghost"
          hideFrom="md"
          aria-label="Possible duplicates"
          onClick={showDuplicates}
        >
          <LuUsers />
        </IconButton>
        {mayMove && (
          <>
            <Button
              variant="ghost"
              size="sm"
              hideBelow="md"
              loading={isExporting}
              onClick={() => void exportAll()}
            >
              <LuDownload aria-hidden /> Export
            </Button>
            <Button variant="ghost" size="sm" hideBelow="md" onClick={() => setIsImporting(true)}>
              <LuUpload aria-hidden /> Import
            </Button>
            <IconButton
              variant="ghost"
              hideFrom="md"
              aria-label="Export contacts"
              loading={isExporting}
              onClick={() => void exportAll()}
            >
              <LuDownload />
            </IconButton>
            <IconButton
              variant="ghost"
              hideFrom="md"
              aria-label="Import contacts"
              onClick={() => setIsImporting(true)}
            >
              <LuUpload />
            </IconButton>
          </>
        )}
        <Button
          colorPalette="accent"
          size="sm"
          onClick={onAdd}
          minHeight={{ base: "40px", md: "9" }}
        >
          <LuUserPlus aria-hidden /> New
        </Button>
        <Flex
          align="center"
          gap="2"
          flexBasis="100%"
          height="38px"
          paddingX="3"
          borderRadius="10px"
          bg="bg.muted"
          color="fg.muted"
          _focusWithin={{ outline: "2px solid {colors.accent.focusRing}" }}
        >
          <LuSearch size={17} aria-hidden />
          <Input
            ref={field}
            type="search"
            aria-label="Search contacts"
            variant="flushed"
            border="0"
            outline="none"
            height="100%"
            color="fg"
            autoComplete="off"
            placeholder="Name, number, e-mail, company or a field"
            _placeholder={{ color: "fg.muted", opacity: 1 }}
            css={{ "&::-webkit-search-cancel-button": { display: "none" } }}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Escape" || query === "") return;
              event.preventDefault();
              setQuery("");
            }}
          />
          {query !== "" && (
            <IconButton
              variant="ghost"
              size="2xs"
              aria-label="Clear search"
              onClick={() => setQuery("")}
            >
              <LuX />
            </IconButton>
          )}
        </Flex>
      </Flex>
      {contacts.length > 0 && <ContactColumns />}
      <Box
        ref={scroller}
        flex="1"
        minHeight="0"
        overflowY="auto"
        overscrollBehavior="contain"
        paddingX={{ base: "2", md: "4" }}
        paddingBottom="4"
      >
        <chakra.ul
          aria-label="Contacts"
          position="relative"
          margin="0"
          listStyleType="none"
          style={{ height: virtualizer.getTotalSize() }}
          css={{ "& mark": { bg: "accent.muted", color: "fg", borderRadius: "3px" } }}
        >
          {virtualizer.getVirtualItems().map((row) => {
            const contact = contacts[row.index];
            return (
              contact && (
                <chakra.li
                  key={row.key}
                  aria-setsize={contacts.length}
                  aria-posinset={row.index + 1}
                  position="absolute"
                  insetInline="0"
                  top="0"
                  style={{ transform: `translateY(${row.start}px)` }}
                >
                  <ContactRow contact={contact} query={words} />
                </chakra.li>
              )
            );
          })}
        </chakra.ul>
        <Text role="status" color="fg.muted" textAlign="center" paddingY="3">
          {isWaiting || isFetchingNextPage ? "Loading…" : ""}
        </Text>
        {pages.error && (
          <Flex role="alert" direction="column" align="center" gap="3" padding="6" color="fg.muted">
            {explainFailure(pages.error)}
            <Button variant="outline" onClick={() => void pages.refetch()}>
              Try again
            </Button>
          </Flex>
        )}
        {!isWaiting && !pages.error && contacts.length === 0 && (
          <Flex direction="column" align="center" gap="3" padding="10" textAlign="center">
            <Heading as="h2" size="lg">
              {words === "" ? "No contacts yet" : "No contact found"}
            </Heading>
            <Text color="fg.muted" maxWidth="26rem">
              {words === ""
                ? "Whoever texts you appears here. Add someone yourself, or bring a list in from a file."
                : `No name, number, e-mail, company, note or field has “${words}”.`}
            </Text>
            {words === "" && (
              <Button colorPalette="accent" onClick={onAdd}>
                <LuUserPlus aria-hidden /> New contact
              </Button>
            )}
          </Flex>
        )}
      </Box>
      <Suspense fallback={null}>
        {isImporting && <ImportDialog onClose={() => setIsImporting(false)} />}
      </Suspense>
    </Flex>
  );
}
