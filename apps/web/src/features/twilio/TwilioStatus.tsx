import { Badge, Box, Button, Flex, HStack, Stack, Text } from "@chakra-ui/react";
import { formatAddress, type TwilioConfig } from "@livechat/shared";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { apiRequest } from "../../api/client.ts";
import { invalidateLine } from "../../api/twilio-queries.ts";
import { CopyButton } from "../../components/CopyButton.tsx";
import { Notice } from "../../components/Notice.tsx";
import { toaster } from "../../components/toaster.tsx";
import { WebhookState } from "./WebhookState.tsx";

interface TwilioStatusProps {
  workspaceId: string;
  config: TwilioConfig;
  mayManage: boolean;
  /** Another button beside Sync. */
  action?: ReactNode;
}

/** What the workspace is connected to, and whether each number's texts arrive here. */
export function TwilioStatus({ workspaceId, config, mayManage, action }: TwilioStatusProps) {
  const queries = useQueryClient();
  const sync = useMutation({
    mutationFn: () =>
      apiRequest({
        method: "POST",
        path: "/api/twilio/phone-numbers/sync",
        body: { workspaceId },
      }),
    onSuccess: async () => {
      await invalidateLine(queries, workspaceId);
      toaster.create({ type: "success", title: "The numbers are up to date." });
    },
  });
  return (
    <Stack gap="5">
      <Stack as="dl" gap="2">
        <Fact name="Connected to">
          <Flex as="span" display="inline-flex" gap="2" align="center" wrap="wrap">
            {config.isSimulated ? "The simulator" : <bdi>{config.accountName ?? "Twilio"}</bdi>}
            {config.accountType === "Trial" && <Badge colorPalette="orange">Trial</Badge>}
            {config.accountStatus && config.accountStatus !== "active" && (
              <Badge colorPalette="red">{config.accountStatus}</Badge>
            )}
          </Flex>
        </Fact>
        <Fact name="Account SID">
          <Text as="span" fontFamily="mono" fontSize="sm" overflowWrap="anywhere">
            {config.accountSid}
          </Text>
        </Fact>
        {config.authTokenLast4 && (
          <Fact name="Auth Token">
            <Ending last4={config.authTokenLast4} />
            {config.nextAuthTokenLast4 && (
              <Text as="span" color="fg.muted" fontSize="sm">
                {" "}
                · then <Ending last4={config.nextAuthTokenLast4} />
              </Text>
            )}
          </Fact>
        )}
        {config.apiKeySid && (
          <Fact name="Sends with key">
            <Text as="span" fontFamily="mono" fontSize="sm" overflowWrap="anywhere">
              {config.apiKeySid}
            </Text>{" "}
            {config.apiKeySecretLast4 && <Ending last4={config.apiKeySecretLast4} />}
          </Fact>
        )}
        <Fact name="Webhook">
          <Text as="span" fontFamily="mono" fontSize="sm" overflowWrap="anywhere">
            {config.webhookUrl}
          </Text>
        </Fact>
      </Stack>
      {config.numbers.length === 0 ? (
        <Notice kind="info">
          There is no phone number in this account. Buy one in the Twilio Console, then choose Sync.
        </Notice>
      ) : (
        <Stack
          as="ul"
          aria-label="Phone numbers"
          gap="0"
          listStyleType="none"
          borderWidth="1px"
          borderColor="hairline"
          borderRadius="lg"
        >
          {config.numbers.map((number) => (
            <Flex
              as="li"
              key={number.id}
              gap="3"
              wrap="wrap"
              justify="space-between"
              paddingX="4"
              paddingY="3"
              borderTopWidth="1px"
              borderColor="hairline"
              _first={{ borderTopWidth: 0 }}
            >
              <Box minWidth="0">
                <Text fontWeight="semibold">{formatAddress(number.phoneNumber)}</Text>
                <Text color="fg.muted" fontSize="sm">
                  {describeCapabilities(number.capabilities)}
                </Text>
              </Box>
              <WebhookState smsUrl={number.smsUrl} expected={number.expectedSmsUrl} />
            </Flex>
          ))}
        </Stack>
      )}
      {sync.isError && <Notice kind="error">{sync.error.message}</Notice>}
      {mayManage && (
        <HStack gap="2" wrap="wrap">
          <Button
            variant="outline"
            loading={sync.isPending}
            loadingText="Asking…"
            onClick={() => sync.mutate()}
          >
            Sync numbers
          </Button>
          <CopyButton text={config.webhookUrl} label="Copy webhook" />
          {action}
        </HStack>
      )}
    </Stack>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Flex gap={{ base: "0", sm: "4" }} direction={{ base: "column", sm: "row" }}>
      <Text as="dt" color="fg.muted" width="8rem" flexShrink="0">
        {name}
      </Text>
      <Box as="dd" margin="0" minWidth="0">
        {children}
      </Box>
    </Flex>
  );
}

/** A secret by its last characters: all of it that is ever shown. */
function Ending({ last4 }: { last4: string }) {
  return (
    <Text as="span" fontFamily="mono" fontSize="sm">
      <span aria-hidden>•••• </span>
      <span>ends in {last4}</span>
    </Text>
  );
}

function describeCapabilities(able: TwilioConfig["numbers"][number]["capabilities"]): string {
  const names = [able.sms && "SMS", able.mms && "MMS", able.voice && "Voice"].filter(Boolean);
  return names.length > 0 ? names.join(" · ") : "Cannot text";
}
