import { Box, Button, Checkbox, Heading, HStack, Stack, Text } from "@chakra-ui/react";
import { zodResolver } from "@hookform/resolvers/zod";
import {
  formatAddress,
  type TestConnectionResponse,
  testConnectionRequest,
  testConnectionResponse,
} from "@livechat/shared";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useForm } from "react-hook-form";
import type * as z from "zod";
import { apiRequest } from "../../api/client.ts";
import { Notice } from "../../components/Notice.tsx";
import { PasswordField } from "../../components/PasswordField.tsx";
import { TextField } from "../../components/TextField.tsx";
import { meQuery } from "../../session/use-session.ts";
import { twilioConfigQuery } from "./twilio-queries.ts";
import { WebhookState } from "./WebhookState.tsx";

const fields = testConnectionRequest.pick({ accountSid: true, authToken: true });
type Credentials = z.infer<typeof fields>;

interface ConnectTwilioProps {
  workspaceId: string;
  onConnected: () => void;
}

/** Checks credentials first, shows what will change, and connects only then. */
export function ConnectTwilio({ workspaceId, onConnected }: ConnectTwilioProps) {
  const queries = useQueryClient();
  const [checked, setChecked] = useState<{
    credentials: Credentials;
    account: TestConnectionResponse;
  } | null>(null);
  const form = useForm({
    resolver: zodResolver(fields),
    defaultValues: { accountSid: "", authToken: "" },
  });
  const check = useMutation({
    mutationFn: (credentials: Credentials) =>
      apiRequest({
        method: "POST",
        path: "/api/twilio/test-connection",
        body: { workspaceId, ...credentials },
        response: testConnectionResponse,
      }),
    onSuccess: (account, credentials) => setChecked({ account, credentials }),
  });
  const connect = useMutation({
    mutationFn: (request: Credentials & { replaceForeignUrls: boolean }) =>
      apiRequest({
        method: "PUT",
        path: "/api/twilio/config",
        body: { workspaceId, ...request },
      }),
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries(twilioConfigQuery(workspaceId)),
        queries.invalidateQueries(meQuery),
      ]);
      onConnected();
    },
  });

  if (checked)
    return (
      <Review
        workspaceId={workspaceId}
        account={checked.account}
        isBusy={connect.isPending}
        failure={connect.error?.message}
        onBack={() => {
          setChecked(null);
          connect.reset();
        }}
        onConnect={(replaceForeignUrls) =>
          connect.mutate({ ...checked.credentials, replaceForeignUrls })
        }
      />
    );
  const { errors } = form.formState;
  return (
    <form onSubmit={form.handleSubmit((values) => check.mutate(values))} noValidate>
      <Stack gap="4">
        {check.isError && <Notice kind="error">{check.error.message}</Notice>}
        <TextField
          label="Account SID"
          placeholder="AC…"
          autoComplete="off"
          spellCheck={false}
          fontFamily="mono"
          error={errors.accountSid?.message}
          {...form.register("accountSid")}
        />
        <PasswordField
          label="Auth Token"
          autoComplete="off"
          fontFamily="mono"
          help="Both are on the first page of the Twilio Console. The token is kept encrypted."
          error={errors.authToken && "Enter the Auth Token."}
          {...form.register("authToken")}
        />
        <Button
          type="submit"
          colorPalette="accent"
          alignSelf="start"
          loading={check.isPending}
          loadingText="Asking Twilio…"
        >
          Check the connection
        </Button>
      </Stack>
    </form>
  );
}

interface ReviewProps {
  workspaceId: string;
  account: TestConnectionResponse;
  isBusy: boolean;
  failure: string | undefined;
  onBack: () => void;
  onConnect: (replaceForeignUrls: boolean) => void;
}

function Review({ workspaceId, account, isBusy, failure, onBack, onConnect }: ReviewProps) {
  const [replacesForeign, setReplacesForeign] = useState(false);
  const target = useQuery(twilioConfigQuery(workspaceId)).data?.webhookUrl ?? "";
  const headingId = useId();
  const hasForeign = account.numbers.some(({ smsUrl }) => smsUrl !== "" && smsUrl !== target);
  return (
    <Stack as="section" gap="4" aria-labelledby={headingId}>
      <Stack gap="0.5">
        <Heading as="h3" size="md" id={headingId}>
          {account.accountName}
        </Heading>
        <Text color="fg.muted">
          {account.accountType === "Trial" ? "Trial account" : "Full account"} ·{" "}
          {account.accountStatus}
        </Text>
      </Stack>
      {account.accountType === "Trial" && (
        <Notice kind="info">
          A trial account texts only to numbers that you have verified with Twilio.
        </Notice>
      )}
      {account.numbers.length === 0 ? (
        <Notice kind="info">
          This account has no phone number yet. Connect now, buy one in the Twilio Console, then
          choose Sync in the settings.
        </Notice>
      ) : (
        <Stack as="ul" gap="0" listStyleType="none" layerStyle="card" overflow="hidden">
          {account.numbers.map(({ phoneNumber, friendlyName, smsUrl }) => {
            const willChange = smsUrl !== target && (smsUrl === "" || replacesForeign);
            return (
              <Stack
                as="li"
                key={phoneNumber}
                gap="1"
                paddingX="4"
                paddingY="3"
                borderTopWidth="1px"
                borderColor="hairline"
                _first={{ borderTopWidth: 0 }}
              >
                <HStack justify="space-between" gap="3" flexWrap="wrap">
                  <Text fontWeight="semibold">{formatAddress(phoneNumber)}</Text>
                  {friendlyName && friendlyName !== phoneNumber && (
                    <Text color="fg.muted" fontSize="sm">
                      {friendlyName}
                    </Text>
                  )}
                </HStack>
                <Box fontSize="sm" color="fg.muted" overflowWrap="anywhere">
                  <WebhookState smsUrl={smsUrl} expected={target} />
                  {willChange && (
                    <Text color="fg">
                      <span aria-hidden>→ </span>
                      will post to {target}
                    </Text>
                  )}
                  {!willChange && smsUrl !== target && (
                    <Text>Stays as it is; its texts will not arrive here.</Text>
                  )}
                </Box>
              </Stack>
            );
          })}
        </Stack>
      )}
      {hasForeign && (
        <Checkbox.Root
          colorPalette="accent"
          checked={replacesForeign}
          onCheckedChange={({ checked }) => setReplacesForeign(checked === true)}
        >
          <Checkbox.HiddenInput />
          <Checkbox.Control />
          <Checkbox.Label>Also take over numbers that post to another address now</Checkbox.Label>
        </Checkbox.Root>
      )}
      {failure && <Notice kind="error">{failure}</Notice>}
      <HStack gap="2">
        <Button
          colorPalette="accent"
          loading={isBusy}
          loadingText="Connecting…"
          onClick={() => onConnect(replacesForeign)}
        >
          Connect
        </Button>
        <Button variant="ghost" disabled={isBusy} onClick={onBack}>
          Back
        </Button>
      </HStack>
    </Stack>
  );
}
