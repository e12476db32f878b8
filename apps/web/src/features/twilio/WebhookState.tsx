import { HStack, Text } from "@chakra-ui/react";
import { LuCircleAlert, LuCircleCheck, LuCircleDashed } from "react-icons/lu";

const looks = {
  ready: { icon: LuCircleCheck, color: "status.ok" },
  unset: { icon: LuCircleDashed, color: "fg.muted" },
  foreign: { icon: LuCircleAlert, color: "status.warn" },
} as const;

/** Whether a number's texts arrive here, in words and with its address. */
export function WebhookState({ smsUrl, expected }: { smsUrl: string | null; expected: string }) {
  const state = !smsUrl ? "unset" : smsUrl === expected ? "ready" : "foreign";
  const { icon: Icon, color } = looks[state];
  return (
    <HStack gap="1.5" color={color} fontSize="sm" align="flex-start" minWidth="0">
      <Icon aria-hidden style={{ flexShrink: 0, marginTop: 3 }} />
      <Text overflowWrap="anywhere" title={smsUrl ?? undefined}>
        {state === "ready" && "Texts arrive here"}
        {state === "unset" && "Not set"}
        {state === "foreign" && `Goes to ${hostOf(smsUrl ?? "")}`}
      </Text>
    </HStack>
  );
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}
