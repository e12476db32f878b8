import { Box, Flex, Text } from "@chakra-ui/react";
import type { WebhookSettings } from "@livechat/shared";
import { LuArrowDown } from "react-icons/lu";

interface WebhookDiffProps {
  current: WebhookSettings;
  proposed: WebhookSettings;
}

/** What is set at Twilio now, and what would be set instead, line by line; only what differs. */
export function WebhookDiff({ current, proposed }: WebhookDiffProps) {
  const before = describe(current);
  const after = describe(proposed);
  const lines = before
    .map(({ name, value }, place) => ({ name, value, next: after[place]?.value ?? value }))
    .filter(({ value, next }) => value !== next);
  return (
    <Flex as="dl" direction="column" gap="2.5" margin="0" fontSize="sm">
      {lines.map(({ name, value, next }) => (
        <Box key={name} minWidth="0">
          <Text as="dt" color="fg.muted" fontSize="xs" marginBottom="1">
            {name}
          </Text>
          <Box
            as="dd"
            margin="0"
            borderRadius="lg"
            borderWidth="1px"
            borderColor="hairline"
            overflow="hidden"
            fontFamily="mono"
            fontSize="12px"
            lineHeight="1.5"
          >
            <Value word="Now" value={value} color="fg.muted" />
            <Flex
              align="flex-start"
              borderTopWidth="1px"
              borderColor="hairline"
              bg="accent.subtle"
              color="fg"
            >
              <Value word="Then" value={next} color="fg" icon />
            </Flex>
          </Box>
        </Box>
      ))}
    </Flex>
  );
}

function Value({
  word,
  value,
  color,
  icon = false,
}: {
  word: string;
  value: string;
  color: string;
  icon?: boolean;
}) {
  return (
    <Flex gap="2.5" paddingX="3" paddingY="1.5" minWidth="0" width="100%">
      <Flex
        as="span"
        align="center"
        gap="1"
        width="3.25rem"
        flexShrink="0"
        height="18px"
        fontFamily="body"
        fontSize="11px"
        fontWeight="semibold"
        color={icon ? "accent.fg" : "fg.muted"}
      >
        {icon && <LuArrowDown size={11} aria-hidden />}
        {word}
      </Flex>
      <Text color={color} overflowWrap="anywhere" minWidth="0">
        {value}
      </Text>
    </Flex>
  );
}

function describe(settings: WebhookSettings): { name: string; value: string }[] {
  return [
    { name: "A message comes in", value: addressOf(settings) },
    { name: "Method", value: settings.method },
    { name: "If that fails", value: shorten(settings.fallbackUrl) },
  ];
}

function addressOf({ url, applicationSid, usesNumberWebhook }: WebhookSettings): string {
  if (applicationSid) return `application ${applicationSid}`;
  if (usesNumberWebhook) return "each number’s own address";
  return shorten(url);
}

/** Without the part after `#`, which only tells Twilio how often to try. */
function shorten(url: string | null): string {
  if (url === null) return "nothing";
  const [address = "", retries] = url.split("#", 2);
  return retries ? `${address} (tries again)` : address;
}
