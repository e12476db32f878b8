import { Box, Button, Flex, Heading, NativeSelect, Stack, Text } from "@chakra-ui/react";
import { formatAddress, simulatorState, type TextFromPhoneRequest } from "@livechat/shared";
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { LuMessageCircle } from "react-icons/lu";
import { Link } from "react-router";
import { apiRequest } from "../../api/client.ts";
import { ErrorState } from "../../components/ErrorState.tsx";
import { PageSpinner } from "../../components/PageSpinner.tsx";
import { useWorkspace } from "../../session/use-session.ts";
import { PhoneComposer } from "./PhoneComposer.tsx";
import { PhoneFrame } from "./PhoneFrame.tsx";
import { PhoneList } from "./PhoneList.tsx";
import { PhoneThread } from "./PhoneThread.tsx";
import { useSimulatedPhones } from "./simulated-phones.ts";

function simulatorQuery(workspaceId: string) {
  return queryOptions({
    queryKey: ["simulator", workspaceId],
    queryFn: ({ signal }) =>
      apiRequest({
        path: `/api/workspaces/${workspaceId}/simulator`,
        response: simulatorState,
        signal,
      }),
    refetchInterval: 1000,
    staleTime: 0,
  });
}

/** Phones on the screen that text with the workspace's numbers. */
export function Simulator() {
  const workspace = useWorkspace();
  const queries = useQueryClient();
  const state = useQuery(simulatorQuery(workspace.id));
  const messages = state.data?.messages ?? [];
  const [phones, addPhone] = useSimulatedPhones(messages.map(({ phone }) => phone));
  const [chosenPhone, setChosenPhone] = useState<string>();
  const [chosenNumber, setChosenNumber] = useState<string>();

  if (state.isPending) return <PageSpinner />;
  if (!state.data)
    return (
      <ErrorState
        title="The simulator does not answer"
        detail={state.error.message}
        onRetry={() => void state.refetch()}
        isRetrying={state.isFetching}
      />
    );
  const { numbers } = state.data;
  const phone = phones.find(({ number }) => number === chosenPhone) ?? phones[0];
  const number =
    chosenNumber !== undefined && numbers.includes(chosenNumber) ? chosenNumber : numbers[0];
  if (!phone) return null;
  const thread = messages.filter(
    (message) => message.phone === phone.number && message.number === number,
  );
  const owner = phone.name ?? formatAddress(phone.number);
  const send = async (content: Pick<TextFromPhoneRequest, "body" | "media">) => {
    await apiRequest({
      method: "POST",
      path: `/api/workspaces/${workspace.id}/simulator/texts`,
      body: { from: phone.number, to: number, ...content },
    });
    await queries.invalidateQueries(simulatorQuery(workspace.id));
  };
  return (
    <Box height="100%" overflowY="auto" bg="bg.subtle">
      <Flex
        direction={{ base: "column", md: "row" }}
        gap={{ base: "6", md: "10", xl: "16" }}
        maxWidth="64rem"
        minHeight="100%"
        marginX="auto"
        paddingX={{ base: "4", md: "8" }}
        paddingY={{ base: "6", md: "10" }}
      >
        <Stack gap="6" flex="1" minWidth="0" maxWidth={{ md: "24rem" }}>
          <Stack gap="2" align="start">
            <Heading as="h1" size="3xl" letterSpacing="-0.025em">
              Simulator
            </Heading>
            <Text color="fg.muted">
              Be the customer: text from one of these phones and answer from the inbox. Two windows
              side by side work best.
            </Text>
            <Button asChild size="sm" variant="outline" marginTop="1">
              <Link to={`/w/${workspace.id}`}>
                <LuMessageCircle aria-hidden /> Open inbox
              </Link>
            </Button>
          </Stack>
          <PhoneList
            phones={phones}
            messages={messages}
            selected={phone.number}
            onSelect={setChosenPhone}
            onAdd={() => setChosenPhone(addPhone().number)}
          />
        </Stack>
        <Flex flex="1" justify="center" align="center">
          <PhoneFrame label={`Phone of ${owner}`}>
            <Stack
              align="center"
              gap="0.5"
              paddingX="4"
              paddingBottom="2"
              flexShrink="0"
              bg="bg.subtle"
              borderBottomWidth="1px"
              borderColor="hairline"
            >
              <Box
                display="grid"
                placeItems="center"
                boxSize="44px"
                borderRadius="full"
                bg="bg.emphasized"
                fontWeight="semibold"
                aria-hidden
              >
                {[...workspace.name][0]?.toUpperCase()}
              </Box>
              <Text fontSize="13px" fontWeight="semibold" truncate maxWidth="100%">
                {workspace.name}
              </Text>
              {numbers.length > 1 ? (
                <NativeSelect.Root size="xs" width="auto">
                  <NativeSelect.Field
                    aria-label="Number to text"
                    value={number}
                    onChange={(event) => setChosenNumber(event.target.value)}
                  >
                    {numbers.map((option) => (
                      <option key={option} value={option}>
                        {formatAddress(option)}
                      </option>
                    ))}
                  </NativeSelect.Field>
                  <NativeSelect.Indicator />
                </NativeSelect.Root>
              ) : (
                <Text fontSize="12px" color="fg.muted">
                  {number ? formatAddress(number) : "No number yet"}
                </Text>
              )}
            </Stack>
            <PhoneThread key={`${phone.number} ${number}`} messages={thread} />
            <PhoneComposer key={phone.number} isReady={number !== undefined} onSend={send} />
          </PhoneFrame>
        </Flex>
      </Flex>
    </Box>
  );
}
