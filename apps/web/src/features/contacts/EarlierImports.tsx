import { Box, Button, Flex, Heading, Stack, Text } from "@chakra-ui/react";
import { type ContactImport, contactImportList } from "@livechat/shared";
import { useQuery } from "@tanstack/react-query";
import { apiRequest } from "../../api/client.ts";

/** The latest imports, each with the way to take it back. */
export function EarlierImports({
  workspaceId,
  onUndo,
}: {
  workspaceId: string;
  onUndo(done: ContactImport): void;
}) {
  const imports = useQuery({
    queryKey: ["contact imports", workspaceId],
    queryFn: ({ signal }) =>
      apiRequest({
        path: `/api/workspaces/${workspaceId}/contact-imports`,
        response: contactImportList,
        signal,
      }),
    staleTime: 0,
  });
  const items = imports.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Stack as="section" aria-label="Earlier imports" gap="1">
      <Heading as="h3" size="sm" color="fg.muted">
        Earlier imports
      </Heading>
      <Stack as="ul" listStyleType="none" gap="0">
        {items.map((each) => (
          <Flex
            as="li"
            key={each.id}
            align="center"
            gap="3"
            minHeight="52px"
            borderBottomWidth="1px"
            borderColor="hairline"
          >
            <Box flex="1" minWidth="0">
              <Text truncate dir="auto">
                {each.fileName}
              </Text>
              <Text color="fg.muted" fontSize="sm">
                {new Date(each.createdAt).toLocaleString(undefined, {
                  dateStyle: "medium",
                  timeStyle: "short",
                })}
                {` · ${each.createdCount} added, ${each.updatedCount} updated`}
              </Text>
            </Box>
            {each.undoneAt ? (
              <Text color="fg.muted">Taken back</Text>
            ) : (
              <Button
                variant="outline"
                size="sm"
                aria-label={`Undo the import of ${each.fileName}`}
                onClick={() => onUndo(each)}
              >
                Undo
              </Button>
            )}
          </Flex>
        ))}
      </Stack>
    </Stack>
  );
}
