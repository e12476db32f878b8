import { Box, Center, chakra, Flex, Stack, Text } from "@chakra-ui/react";
import type { SimulatorState } from "@livechat/shared";
import { useEffect, useRef, useState } from "react";

type SimulatedMessage = SimulatorState["messages"][number];

const dayAndTime = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  hour: "numeric",
  minute: "2-digit",
});

/** One conversation as the phone shows it, kept at its newest text. */
export function PhoneThread({ messages }: { messages: SimulatedMessage[] }) {
  const end = useRef<HTMLDivElement>(null);
  const newest = messages.at(-1)?.sid;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new text moves the thread to it.
  useEffect(() => {
    const pane = end.current?.parentElement;
    if (pane) pane.scrollTop = pane.scrollHeight;
  }, [newest]);
  return (
    <Box
      flex="1"
      minHeight="0"
      overflowY="auto"
      paddingX="3.5"
      paddingY="3"
      role="log"
      aria-label="Conversation on the phone"
      tabIndex={0}
    >
      {messages.length === 0 && (
        <Center height="100%" paddingX="6" textAlign="center" color="fg.muted">
          Write the first text. It arrives in your inbox at once.
        </Center>
      )}
      <Stack gap="0">
        {messages.map((message, index) => (
          <Bubble
            key={message.sid}
            message={message}
            before={messages[index - 1]}
            after={messages[index + 1]}
          />
        ))}
      </Stack>
      <div ref={end} />
    </Box>
  );
}

interface BubbleProps {
  message: SimulatedMessage;
  before: SimulatedMessage | undefined;
  after: SimulatedMessage | undefined;
}

function Bubble({ message, before, after }: BubbleProps) {
  const { fromPhone } = message;
  const time = new Date(message.createdAt);
  const isNewGroup = !before || time.getTime() - new Date(before.createdAt).getTime() > 15 * 60_000;
  const isLastOfSide = !after || after.fromPhone !== fromPhone;
  return (
    <>
      {isNewGroup && (
        <Text textAlign="center" fontSize="11.5px" color="fg.muted" paddingY="2">
          {dayAndTime.format(time)}
        </Text>
      )}
      <Flex
        direction="column"
        align={fromPhone ? "flex-end" : "flex-start"}
        gap="1"
        marginBottom={isLastOfSide ? "2.5" : "0.5"}
      >
        <chakra.span srOnly>{fromPhone ? "Sent:" : "Received:"}</chakra.span>
        {message.media.map((item) => (
          <Picture key={item.url} item={item} />
        ))}
        {message.body && (
          <Box
            maxWidth="78%"
            paddingX="3"
            paddingY="1.5"
            borderRadius="bubble"
            borderBottomEndRadius={fromPhone && isLastOfSide ? "5px" : "bubble"}
            borderBottomStartRadius={!fromPhone && isLastOfSide ? "5px" : "bubble"}
            bg={fromPhone ? "bubble.sms" : "bubble.in"}
            color={fromPhone ? "bubble.outFg" : "bubble.inFg"}
            fontSize="15px"
            lineHeight="1.35"
            whiteSpace="pre-wrap"
            overflowWrap="anywhere"
          >
            {message.body}
          </Box>
        )}
      </Flex>
    </>
  );
}

function Picture({ item }: { item: SimulatedMessage["media"][number] }) {
  const [isBroken, setIsBroken] = useState(false);
  if (isBroken || !item.contentType.startsWith("image/"))
    return (
      <Box bg="bg.muted" color="fg.muted" borderRadius="bubble" paddingX="3" paddingY="2">
        {item.contentType.startsWith("image/") ? "Picture" : item.contentType}
      </Box>
    );
  return (
    <chakra.img
      src={item.url}
      alt="Attached to the text"
      maxWidth="72%"
      maxHeight="240px"
      objectFit="cover"
      borderRadius="bubble"
      onError={() => setIsBroken(true)}
    />
  );
}
