import { Button, Stack, Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { apiRequest } from "../../api/client.ts";
import { invalidateLine } from "../../api/twilio-queries.ts";
import { Notice } from "../../components/Notice.tsx";
import { meQuery } from "../../session/use-session.ts";

interface UseSimulatorProps {
  workspaceId: string;
  onConnected: () => void;
}

/** Connects the workspace to the phones on the screen. */
export function UseSimulator({ workspaceId, onConnected }: UseSimulatorProps) {
  const queries = useQueryClient();
  const connect = useMutation({
    mutationFn: () =>
      apiRequest({
        method: "POST",
        path: "/api/twilio/config/simulator",
        body: { workspaceId },
      }),
    onSuccess: async () => {
      await Promise.all([invalidateLine(queries, workspaceId), queries.invalidateQueries(meQuery)]);
      onConnected();
    },
  });
  return (
    <Stack gap="4" align="start">
      <Text color="fg.muted">
        Phones on the screen that text with your inbox. Nothing leaves this machine, nothing costs
        money, and you can connect Twilio later.
      </Text>
      {connect.isError && <Notice kind="error">{connect.error.message}</Notice>}
      <Button
        colorPalette="accent"
        loading={connect.isPending}
        loadingText="Connecting…"
        onClick={() => connect.mutate()}
      >
        Use the simulator
      </Button>
    </Stack>
  );
}
