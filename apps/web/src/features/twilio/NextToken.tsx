import { Button, HStack, Stack, Text } from "@chakra-ui/react";
import { twilioConfig } from "@livechat/shared";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { apiRequest } from "../../api/client.ts";
import { invalidateLine } from "../../api/twilio-queries.ts";
import { PasswordField } from "../../components/PasswordField.tsx";
import { CarrierRefusal } from "./CarrierRefusal.tsx";

interface NextTokenProps {
  workspaceId: string;
  /** Of the token that waits; null while none does. */
  last4: string | null;
}

/** Changes the Auth Token without a gap: the next one is kept beside the current one until Twilio signs with it. */
export function NextToken({ workspaceId, last4 }: NextTokenProps) {
  const queries = useQueryClient();
  const [token, setToken] = useState("");
  const [isMissing, setIsMissing] = useState(false);
  const refresh = () => invalidateLine(queries, workspaceId);
  const keep = useMutation({
    mutationFn: (authToken: string) =>
      apiRequest({
        method: "PUT",
        path: "/api/twilio/config/next-auth-token",
        body: { workspaceId, authToken },
        response: twilioConfig,
      }),
    onSuccess: () => {
      setToken("");
      return refresh();
    },
  });
  const change = useMutation({
    mutationFn: (step: "promote" | "drop") =>
      step === "promote"
        ? apiRequest({
            method: "POST",
            path: "/api/twilio/config/next-auth-token/promote",
            body: { workspaceId },
          })
        : apiRequest({
            method: "DELETE",
            path: "/api/twilio/config/next-auth-token",
            query: { workspaceId },
          }),
    onSettled: refresh,
  });
  if (last4 !== null)
    return (
      <Stack gap="3">
        <Text>
          The token ending in <Text as="code">{last4}</Text> waits. Promote it in the Twilio Console
          now. Texts are let in whichever of the two signs them; with the first that the new one
          signs, it takes over.
        </Text>
        {change.error && <CarrierRefusal error={change.error} />}
        <HStack gap="2" wrap="wrap">
          <Button
            variant="outline"
            loading={change.isPending && change.variables === "promote"}
            onClick={() => change.mutate("promote")}
          >
            It is promoted: use it now
          </Button>
          <Button
            variant="ghost"
            loading={change.isPending && change.variables === "drop"}
            onClick={() => change.mutate("drop")}
          >
            Forget it
          </Button>
        </HStack>
      </Stack>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsMissing(token.trim() === "");
    if (token.trim() !== "") keep.mutate(token);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="3" align="start">
        <PasswordField
          label="Secondary Auth Token"
          autoComplete="off"
          fontFamily="mono"
          value={token}
          help="Make one in the Twilio Console under API keys & tokens, enter it here, and promote it there last. Nothing is missed in between."
          error={isMissing ? "Enter the secondary Auth Token." : undefined}
          onChange={(event) => setToken(event.target.value)}
        />
        {keep.error && <CarrierRefusal error={keep.error} />}
        <Button
          type="submit"
          variant="outline"
          loading={keep.isPending}
          loadingText="Asking Twilio…"
        >
          Keep it ready
        </Button>
      </Stack>
    </form>
  );
}
