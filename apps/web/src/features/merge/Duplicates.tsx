import { Box, Button, chakra, Dialog, Flex, Spinner, Text } from "@chakra-ui/react";
import type { Contact, DuplicateReason } from "@livechat/shared";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { dismissDuplicate, duplicatesQuery } from "../../api/merge-queries.ts";
import { Notice } from "../../components/Notice.tsx";
import { explainFailure, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useWorkspace } from "../../session/use-session.ts";
import { PersonLine } from "./PersonLine.tsx";

const reasons: Record<DuplicateReason, string> = {
  email: "Same e-mail",
  name_and_company: "Same name and company",
  name: "Same name",
};

/** Pairs that may be one person, each to look at or to be told apart. */
export function Duplicates({ onReview }: { onReview(contactId: string, otherId: string): void }) {
  const workspace = useWorkspace();
  const queries = useQueryClient();
  const known = useInboxPart((snapshot) => snapshot.inbox?.contacts);
  const list = useQuery(duplicatesQuery(workspace.id, null, ""));
  const dismissal = useMutation({
    mutationFn: ({ contact, other }: { contact: Contact; other: Contact }) =>
      dismissDuplicate(workspace.id, contact.id, other.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["duplicates", workspace.id] }),
  });
  // Whoever was merged meanwhile, here or by a teammate, is no pair any more.
  const mergedIds = useMemo(
    () =>
      new Set(
        [...(known?.values() ?? [])].flatMap((row) =>
          row.otherNumbers.map(({ contactId }) => contactId),
        ),
      ),
    [known],
  );
  const pairs = (list.data?.items ?? []).filter(
    ({ contact, other }) => !mergedIds.has(contact.id) && !mergedIds.has(other.id),
  );
  return (
    <>
      <Dialog.Header paddingBottom="2">
        <Dialog.Title>Possible duplicates</Dialog.Title>
      </Dialog.Header>
      <Dialog.Body
        display="grid"
        gridTemplateColumns="minmax(0, 1fr)"
        gap="3"
        alignContent="start"
        minHeight="14rem"
      >
        {dismissal.error && <Notice kind="error">{explainFailure(dismissal.error)}</Notice>}
        {list.error && (
          <Flex direction="column" align="center" gap="3">
            <Notice kind="error">{explainFailure(list.error)}</Notice>
            <Button variant="outline" onClick={() => void list.refetch()}>
              Try again
            </Button>
          </Flex>
        )}
        {list.isLoading && <Spinner aria-label="Loading" justifySelf="center" />}
        {list.data && pairs.length === 0 && (
          <Box textAlign="center" paddingY="8">
            <Text fontWeight="semibold">No duplicates</Text>
            <Text color="fg.muted" marginTop="1">
              No two contacts share an e-mail or a full name.
            </Text>
          </Box>
        )}
        <chakra.ul listStyleType="none" display="grid" gridTemplateColumns="minmax(0, 1fr)" gap="3">
          {pairs.map(({ contact, other, reason }) => (
            <chakra.li
              key={`${contact.id} ${other.id}`}
              borderWidth="1px"
              borderColor="hairline"
              borderRadius="14px"
              padding="3"
            >
              <Text fontSize="xs" fontWeight="medium" color="fg.muted" marginBottom="2">
                {reasons[reason]}
              </Text>
              <Flex gap="3" wrap="wrap" align="center">
                <Flex flex="1 1 14rem" direction="column" gap="2" minWidth="0">
                  <Flex align="center" gap="3" minWidth="0">
                    <PersonLine contact={contact} />
                  </Flex>
                  <Flex align="center" gap="3" minWidth="0">
                    <PersonLine contact={other} />
                  </Flex>
                </Flex>
                <Flex gap="2" marginInlineStart="auto">
                  <Button
                    variant="ghost"
                    size="sm"
                    loading={dismissal.isPending && dismissal.variables.contact === contact}
                    onClick={() => dismissal.mutate({ contact, other })}
                  >
                    Not the same
                  </Button>
                  <Button
                    variant="outline"
                    size="sm"
                    onClick={() => onReview(contact.id, other.id)}
                  >
                    Review…
                  </Button>
                </Flex>
              </Flex>
            </chakra.li>
          ))}
        </chakra.ul>
      </Dialog.Body>
    </>
  );
}
