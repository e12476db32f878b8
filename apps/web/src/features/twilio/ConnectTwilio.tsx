import { Button, Heading, HStack, Stack, Text } from "@chakra-ui/react";
import { zodResolver } from "@hookform/resolvers/zod";
import {
  type TestConnectionResponse,
  testConnectionRequest,
  testConnectionResponse,
  twilioApiKey,
} from "@livechat/shared";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useForm, useWatch } from "react-hook-form";
import * as z from "zod";
import { apiRequest } from "../../api/client.ts";
import { invalidateLine } from "../../api/twilio-queries.ts";
import { Notice } from "../../components/Notice.tsx";
import { PasswordField } from "../../components/PasswordField.tsx";
import { SwitchField } from "../../components/SwitchField.tsx";
import { TextField } from "../../components/TextField.tsx";
import { meQuery } from "../../session/use-session.ts";
import { CarrierRefusal } from "./CarrierRefusal.tsx";
import { ProposalList } from "./ProposalList.tsx";

const fields = z
  .object({
    accountSid: testConnectionRequest.shape.accountSid,
    authToken: z.string().trim().min(1, "Enter the Auth Token.").max(200),
    usesKey: z.boolean(),
    keySid: z.string(),
    keySecret: z.string(),
  })
  .superRefine(({ usesKey, keySid, keySecret }, context) => {
    if (!usesKey) return;
    const key = twilioApiKey.safeParse({ sid: keySid, secret: keySecret });
    for (const { path, message } of key.error?.issues ?? []) {
      const isSid = path[0] === "sid";
      context.addIssue({
        code: "custom",
        path: [isSid ? "keySid" : "keySecret"],
        message: isSid ? message : "Enter the key's secret.",
      });
    }
  });
type Fields = z.infer<typeof fields>;

interface Credentials {
  accountSid: string;
  authToken: string;
  apiKey: { sid: string; secret: string } | null;
}

interface ConnectTwilioProps {
  workspaceId: string;
  onConnected: () => void;
  /** The account that is connected now: its token or key is to be replaced. */
  accountSid?: string | null;
}

/** Checks credentials first, shows what will change at Twilio, and connects only then. */
export function ConnectTwilio({ workspaceId, onConnected, accountSid }: ConnectTwilioProps) {
  const queries = useQueryClient();
  const [checked, setChecked] = useState<{
    credentials: Credentials;
    account: TestConnectionResponse;
  } | null>(null);
  const form = useForm<Fields>({
    resolver: zodResolver(fields),
    defaultValues: {
      accountSid: accountSid ?? "",
      authToken: "",
      usesKey: false,
      keySid: "",
      keySecret: "",
    },
  });
  const usesKey = useWatch({ control: form.control, name: "usesKey" });
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
    mutationFn: (request: Credentials & { takeOver: string[] }) =>
      apiRequest({
        method: "PUT",
        path: "/api/twilio/config",
        body: { workspaceId, ...request },
      }),
    onSuccess: async () => {
      await Promise.all([invalidateLine(queries, workspaceId), queries.invalidateQueries(meQuery)]);
      onConnected();
    },
  });

  if (checked)
    return (
      <Review
        account={checked.account}
        isBusy={connect.isPending}
        failure={connect.error}
        onBack={() => {
          setChecked(null);
          connect.reset();
        }}
        onConnect={(takeOver) => connect.mutate({ ...checked.credentials, takeOver })}
      />
    );
  const { errors } = form.formState;
  const submit = form.handleSubmit(({ keySid, keySecret, ...values }) =>
    check.mutate({
      accountSid: values.accountSid,
      authToken: values.authToken,
      apiKey: values.usesKey ? { sid: keySid, secret: keySecret } : null,
    }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="4">
        {check.error && <CarrierRefusal error={check.error} />}
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
          error={errors.authToken?.message}
          {...form.register("authToken")}
        />
        <SwitchField
          label="Send with an API key"
          detail="The Auth Token is still needed: Twilio signs with it what comes in."
          isOn={usesKey}
          onChange={(isOn) => form.setValue("usesKey", isOn)}
        />
        {usesKey && (
          <>
            <TextField
              label="API key SID"
              placeholder="SK…"
              autoComplete="off"
              spellCheck={false}
              fontFamily="mono"
              error={errors.keySid?.message}
              {...form.register("keySid")}
            />
            <PasswordField
              label="API key secret"
              autoComplete="off"
              fontFamily="mono"
              help="Twilio shows it only once, when the key is made."
              error={errors.keySecret?.message}
              {...form.register("keySecret")}
            />
          </>
        )}
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
  account: TestConnectionResponse;
  isBusy: boolean;
  failure: Error | null;
  onBack: () => void;
  onConnect: (takeOver: string[]) => void;
}

function Review({ account, isBusy, failure, onBack, onConnect }: ReviewProps) {
  const [takeOver, setTakeOver] = useState<string[]>([]);
  const headingId = useId();
  return (
    <Stack as="section" gap="4" aria-labelledby={headingId}>
      <Stack gap="0.5">
        <Heading as="h3" size="md" id={headingId}>
          <bdi>{account.accountName}</bdi>
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
      ) : account.proposals.length === 0 ? (
        <Notice kind="info">None of this account’s numbers can text.</Notice>
      ) : (
        <Stack gap="2">
          <Text>This is what connecting changes at Twilio. You can take it back later.</Text>
          <ProposalList
            label="What will change at Twilio"
            proposals={account.proposals}
            takeOver={takeOver}
            onTakeOver={setTakeOver}
          />
        </Stack>
      )}
      {failure && <CarrierRefusal error={failure} />}
      <HStack gap="2">
        <Button
          colorPalette="accent"
          loading={isBusy}
          loadingText="Connecting…"
          onClick={() => onConnect(takeOver)}
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
