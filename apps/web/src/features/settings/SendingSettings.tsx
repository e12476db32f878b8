import { Badge, Box, Button, chakra, HStack, NumberInput, Stack, Text } from "@chakra-ui/react";
import { type Sender, senderList } from "@livechat/shared";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { apiRequest } from "../../api/client.ts";
import { Notice } from "../../components/Notice.tsx";
import { PageSpinner } from "../../components/PageSpinner.tsx";
import { showAddress, useAddressRules } from "../../components/show-address.ts";
import { useUnsaved } from "../../components/unsaved.ts";
import { useWorkspace } from "../../session/use-session.ts";
import { SettingsSection } from "./SettingsSection.tsx";

const kinds: Record<Sender["kind"], string> = {
  long_code: "Long code",
  toll_free: "Toll-free",
  short_code: "Short code",
  international: "International",
  service: "Messaging Service",
};

/** What new conversations go out from, and how fast each sender sends. */
export function SendingSettings() {
  const workspace = useWorkspace();
  useAddressRules();
  const mayManage = workspace.role !== "agent";
  const queries = useQueryClient();
  const base = `/api/workspaces/${workspace.id}`;
  const queryKey = ["senders", workspace.id];
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => apiRequest({ path: `${base}/senders`, response: senderList, signal }),
  });
  const choose = useMutation({
    mutationFn: (defaultSender: string) =>
      apiRequest({ method: "PATCH", path: `${base}/sending`, body: { defaultSender } }),
    onSuccess: () => queries.invalidateQueries({ queryKey }),
  });
  const pace = useMutation({
    mutationFn: ({ address, segmentsPerSecond }: Pace) =>
      apiRequest({
        method: "PUT",
        path: `${base}/senders/${encodeURIComponent(address)}/pace`,
        body: { segmentsPerSecond },
        response: senderList,
      }),
    onSuccess: (list) => queries.setQueryData(queryKey, list),
  });
  if (query.isPending) return <PageSpinner />;
  if (query.isError)
    return (
      <Stack align="start">
        <Notice kind="error">{query.error.message}</Notice>
        <Button variant="outline" onClick={() => void query.refetch()}>
          Try again
        </Button>
      </Stack>
    );
  const senders = query.data.items;
  const failure = choose.error ?? pace.error;
  return (
    <SettingsSection
      title="Sending"
      detail="A reply leaves from the number that the customer wrote to. What begins a conversation leaves from the default."
    >
      {failure && <Notice kind="error">{failure.message}</Notice>}
      {senders.length === 0 ? (
        <Text color="fg.muted">
          No number that can send texts is here yet. Connect a phone line first.
        </Text>
      ) : (
        <chakra.ul listStyleType="none" margin="0" padding="0">
          {senders.map((sender) => (
            <SenderRow
              key={`${sender.address} ${sender.segmentsPerSecond}`}
              sender={sender}
              mayManage={mayManage}
              isBusy={choose.isPending || pace.isPending}
              onChoose={() => choose.mutate(sender.address)}
              onPace={(segmentsPerSecond) =>
                pace.mutate({ address: sender.address, segmentsPerSecond })
              }
            />
          ))}
        </chakra.ul>
      )}
      <Text color="fg.muted" fontSize="sm">
        The pace keeps texts from piling up at the carrier, where they would wait in the wrong
        order. Change it only when Twilio has given a number another rate.
      </Text>
    </SettingsSection>
  );
}

interface Pace {
  address: string;
  /** Null: by the kind of the sender. */
  segmentsPerSecond: number | null;
}

function SenderRow({
  sender,
  mayManage,
  isBusy,
  onChoose,
  onPace,
}: {
  sender: Sender;
  mayManage: boolean;
  isBusy: boolean;
  onChoose(): void;
  onPace(segmentsPerSecond: number | null): void;
}) {
  const paceId = useId();
  const [typed, setTyped] = useState(String(sender.segmentsPerSecond));
  const address = sender.kind === "service" ? sender.address : showAddress(sender.address);
  const wanted = Number(typed);
  useUnsaved(mayManage && wanted !== sender.segmentsPerSecond);
  const isChanged = wanted !== sender.segmentsPerSecond && wanted > 0 && wanted <= 1000;
  return (
    <chakra.li
      display="flex"
      flexWrap="wrap"
      alignItems="center"
      justifyContent="space-between"
      gap="3"
      paddingY="3"
      borderTopWidth="1px"
      borderColor="hairline"
      _first={{ borderTopWidth: "0", paddingTop: "0" }}
    >
      <Box minWidth="0" flex="1 1 14rem">
        <HStack gap="2" flexWrap="wrap">
          <Text fontWeight="medium" overflowWrap="anywhere">
            {sender.label}
          </Text>
          {sender.isDefault && <Badge colorPalette="accent">Default</Badge>}
        </HStack>
        <Text color="fg.muted" fontSize="sm" overflowWrap="anywhere">
          {sender.label === address ? "" : `${address} · `}
          {kinds[sender.kind]}
          {sender.mms ? "" : " · no files"}
        </Text>
      </Box>
      <HStack gap="2" flexWrap="wrap">
        <chakra.label htmlFor={paceId} fontSize="sm" color="fg.muted">
          Segments a second
        </chakra.label>
        {mayManage ? (
          <NumberInput.Root
            size="sm"
            width="6.5rem"
            ids={{ input: paceId }}
            value={typed}
            min={0.1}
            max={1000}
            onValueChange={({ value }) => setTyped(value)}
          >
            <NumberInput.Control />
            <NumberInput.Input aria-label={`Segments a second for ${sender.label}`} />
          </NumberInput.Root>
        ) : (
          <Text id={paceId} fontSize="sm">
            {sender.segmentsPerSecond}
          </Text>
        )}
        {mayManage && isChanged && (
          <Button size="sm" colorPalette="accent" disabled={isBusy} onClick={() => onPace(wanted)}>
            Save
          </Button>
        )}
        {mayManage && sender.isPaceSet && !isChanged && (
          <Button size="sm" variant="ghost" disabled={isBusy} onClick={() => onPace(null)}>
            Use the usual
          </Button>
        )}
        {mayManage && !sender.isDefault && (
          <Button size="sm" variant="outline" disabled={isBusy} onClick={onChoose}>
            Make default
          </Button>
        )}
      </HStack>
    </chakra.li>
  );
}
