import { Box, Text } from "@chakra-ui/react";
import type { Contact } from "@livechat/shared";
import { Avatar } from "../../components/Avatar.tsx";
import { nameContact } from "../../components/name-contact.ts";
import { showAddress } from "../../components/show-address.ts";

/** A contact in two lines beside its picture: who it is, and what tells it from others of that name. */
export function PersonLine({ contact }: { contact: Contact }) {
  const number = showAddress(contact.phoneNumber);
  return (
    <>
      <Avatar id={contact.id} name={contact.name} size={36} />
      <Box minWidth="0">
        <Text fontWeight="medium" textAlign="left" truncate dir="auto">
          {nameContact(contact)}
        </Text>
        <Text color="fg.muted" fontSize="sm" truncate>
          {[contact.name ? number : null, contact.company, contact.email]
            .filter(Boolean)
            .join(" · ")}
        </Text>
      </Box>
    </>
  );
}
