import { chakra, Text } from "@chakra-ui/react";
import type { Contact } from "@livechat/shared";
import { Link } from "react-router";
import { Avatar } from "../../components/Avatar.tsx";
import { HighlightedWords } from "../../components/Highlighted.tsx";
import { nameContact } from "../../components/name-contact.ts";
import { showAddress } from "../../components/show-address.ts";

/** How high each row is. */
export const rowHeightPx = 60;

const columns = "minmax(0, 2.2fr) minmax(0, 1.3fr) minmax(0, 1.3fr) minmax(0, 1.6fr) 7rem";

/** What the columns of wide rows hold, for the eye: each row says it by itself. */
export function ContactColumns() {
  return (
    <chakra.div
      aria-hidden
      display={{ base: "none", lg: "grid" }}
      gridTemplateColumns={columns}
      columnGap="4"
      flexShrink="0"
      marginX="4"
      paddingX="2"
      paddingBottom="2"
      borderBottomWidth="1px"
      borderColor="hairline"
      color="fg.muted"
      fontSize="xs"
      fontWeight="medium"
    >
      <span>Name</span>
      <span>Number</span>
      <span>Company</span>
      <span>E-mail</span>
      <chakra.span textAlign="end">Last text</chakra.span>
    </chakra.div>
  );
}

/** One contact of the list, with what was looked for marked; leads to the conversation. */
export function ContactRow({ contact, query }: { contact: Contact; query: string }) {
  const number = showAddress(contact.phoneNumber);
  const name = nameContact(contact);
  return (
    <Link to={`/w/${contact.workspaceId}/c/${contact.id}`}>
      <chakra.span
        display="grid"
        gridTemplateColumns={{ base: "minmax(0, 1fr) auto", lg: columns }}
        alignItems="center"
        columnGap="4"
        height={`${rowHeightPx}px`}
        paddingX="2"
        borderRadius="12px"
        _hover={{ bg: "sidebar.hover" }}
      >
        <chakra.span display="flex" alignItems="center" gap="3" minWidth="0">
          <Avatar id={contact.id} name={contact.name} size={36} />
          <chakra.span display="block" minWidth="0">
            <Text
              as="span"
              display="block"
              fontWeight="medium"
              textAlign="left"
              truncate
              dir="auto"
            >
              <HighlightedWords text={name} query={query} />
            </Text>
            <Text as="span" display="block" hideFrom="lg" color="fg.muted" fontSize="sm" truncate>
              {contact.name ? number : (contact.company ?? contact.email ?? "")}
            </Text>
          </chakra.span>
        </chakra.span>
        <Cell text={contact.name ? number : ""} query={query} />
        <Cell text={contact.company ?? ""} query={query} />
        <Cell text={contact.email ?? ""} query={query} />
        <Text
          as="span"
          color={contact.optedOutAt ? "status.warn" : "fg.muted"}
          fontSize="sm"
          textAlign="end"
          whiteSpace="nowrap"
        >
          {contact.optedOutAt ? "Opted out" : showDay(contact.lastMessageAt)}
        </Text>
      </chakra.span>
    </Link>
  );
}

function Cell({ text, query }: { text: string; query: string }) {
  return (
    <Text as="span" hideBelow="lg" color="fg.muted" textAlign="left" truncate dir="auto">
      <HighlightedWords text={text} query={query} />
    </Text>
  );
}

function showDay(at: string | null): string {
  if (at === null) return "No messages";
  return new Date(at).toLocaleDateString(undefined, { day: "numeric", month: "short" });
}
