import { Box, Button, Flex, Heading, Stack, Text } from "@chakra-ui/react";
import { formatAddress, type WebhookChange } from "@livechat/shared";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { LuUndo2 } from "react-icons/lu";
import { apiRequest } from "../../api/client.ts";
import { invalidateLine } from "../../api/twilio-queries.ts";
import { toaster } from "../../components/toaster.tsx";
import { CarrierRefusal } from "./CarrierRefusal.tsx";
import { describeAgo } from "./describe-time.ts";

interface WebhookChangesProps {
  workspaceId: string;
  changes: readonly WebhookChange[];
}

const shown = 5;

/** What was set at Twilio from here, the latest first, each with a way back. */
export function WebhookChanges({ workspaceId, changes }: WebhookChangesProps) {
  const queries = useQueryClient();
  const headingId = useId();
  const undo = useMutation({
    mutationFn: (change: WebhookChange) =>
      apiRequest({
        method: "POST",
        path: `/api/workspaces/${workspaceId}/twilio/webhooks/undo`,
        body: { changeId: change.id },
      }),
    onSuccess: (_, change) =>
      toaster.create({ type: "success", title: `${nameOf(change)} is as it was before.` }),
    onSettled: () => invalidateLine(queries, workspaceId),
  });
  if (changes.length === 0) return null;
  const undoable = listLatest(changes);
  return (
    <Stack
      as="section"
      aria-labelledby={headingId}
      gap="2"
      borderTopWidth="1px"
      borderColor="hairline"
      paddingTop="4"
    >
      <Heading as="h3" size="sm" id={headingId}>
        Set at Twilio from here
      </Heading>
      {undo.error && <CarrierRefusal error={undo.error} />}
      <Stack as="ul" gap="0" listStyleType="none">
        {changes.slice(0, shown).map((change) => (
          <Flex as="li" key={change.id} gap="3" align="center" paddingY="2">
            <Box flex="1" minWidth="0">
              <Text>
                <bdi>{nameOf(change)}</bdi>
                <Text as="span" color="fg.muted">
                  {" "}
                  · {describeAgo(change.changedAt)}
                </Text>
              </Text>
              <Text color="fg.muted" fontSize="sm" overflowWrap="anywhere">
                Before: {before(change)}
              </Text>
            </Box>
            {change.undoneAt ? (
              <Text color="fg.muted" fontSize="sm" flexShrink="0">
                Taken back
              </Text>
            ) : undoable.has(change.id) ? (
              <Button
                size="sm"
                variant="ghost"
                flexShrink="0"
                aria-label={`Undo the change of ${nameOf(change)}`}
                loading={undo.isPending && undo.variables.id === change.id}
                onClick={() => undo.mutate(change)}
              >
                <LuUndo2 aria-hidden /> Undo
              </Button>
            ) : null}
          </Flex>
        ))}
      </Stack>
    </Stack>
  );
}

function nameOf({ target, label }: WebhookChange): string {
  return target === "number" ? formatAddress(label) : label;
}

/** What of the change can be seen: the address, or else what else was different. */
function before({ before: was, after: is }: WebhookChange): string {
  if (was.applicationSid) return `application ${was.applicationSid}`;
  if (was.usesNumberWebhook) return "each number’s own address";
  if (was.url === null) return "nothing was set";
  const [address = ""] = was.url.split("#");
  if (address !== is.url?.split("#")[0]) return address;
  if (was.method !== is.method) return `asked by ${was.method}`;
  if (was.fallbackUrl !== is.fallbackUrl) return was.fallbackUrl ?? "no fallback";
  return "no second tries";
}

/** Only the last change of each: what was there before an older one has been replaced since. */
function listLatest(changes: readonly WebhookChange[]): ReadonlySet<string> {
  const latest = new Map<string, string>();
  for (const { id, target, label, undoneAt } of changes) {
    const key = `${target} ${label}`;
    if (undoneAt === null && !latest.has(key)) latest.set(key, id);
  }
  return new Set(latest.values());
}
