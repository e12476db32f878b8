import { Box, Button, Flex, Link, Text } from "@chakra-ui/react";
import type { LineFinding, LineMend } from "@livechat/shared";
import type { IconType } from "react-icons";
import {
  LuCircleAlert,
  LuCircleCheck,
  LuExternalLink,
  LuInfo,
  LuTriangleAlert,
} from "react-icons/lu";

const looks: Record<LineFinding["severity"], { icon: IconType; color: string; word: string }> = {
  ok: { icon: LuCircleCheck, color: "status.ok", word: "Right" },
  hint: { icon: LuInfo, color: "fg.muted", word: "Note" },
  warning: { icon: LuTriangleAlert, color: "status.warn", word: "Warning" },
  error: { icon: LuCircleAlert, color: "status.error", word: "Wrong" },
};

interface FindingRowProps {
  finding: LineFinding;
  /** What it was found of, for a screen reader: “Fix it: +1 202 …”. */
  of: string;
  isBusy: boolean;
  onMend: (mend: LineMend) => void;
}

/** One thing that was looked at: how it is, what that means, and the button that mends it. */
export function FindingRow({ finding, of, isBusy, onMend }: FindingRowProps) {
  const { severity, title, detail, mend, carrierError } = finding;
  const { icon: Icon, color, word } = looks[severity];
  const isQuiet = severity === "ok" || severity === "hint";
  return (
    <Flex
      as="li"
      gap="3"
      align={{ base: "stretch", sm: "center" }}
      direction={{ base: "column", sm: "row" }}
      paddingY="2"
      data-finding={finding.code}
      data-severity={severity}
    >
      <Flex gap="2.5" flex="1" minWidth="0">
        <Box color={color} flexShrink="0" paddingTop="1px">
          <Icon size={17} aria-label={word} role="img" />
        </Box>
        <Box minWidth="0">
          <Text fontWeight={isQuiet ? "normal" : "semibold"} overflowWrap="anywhere">
            {title}
          </Text>
          {detail && (
            <Text color="fg.muted" fontSize="sm" overflowWrap="anywhere">
              {detail}
            </Text>
          )}
          {carrierError && (
            <Text color="fg.muted" fontSize="sm" overflowWrap="anywhere">
              Twilio says: {carrierError.message}{" "}
              {carrierError.url && (
                <Link href={carrierError.url} target="_blank" rel="noreferrer" color="accent.fg">
                  About error {carrierError.code} <LuExternalLink size={12} aria-hidden />
                </Link>
              )}
            </Text>
          )}
        </Box>
      </Flex>
      {mend && <MendButton mend={mend} of={of} isQuiet={isQuiet} isBusy={isBusy} onMend={onMend} />}
    </Flex>
  );
}

interface MendButtonProps {
  mend: LineMend;
  of: string;
  isQuiet: boolean;
  isBusy: boolean;
  onMend: (mend: LineMend) => void;
}

function MendButton({ mend, of, isQuiet, isBusy, onMend }: MendButtonProps) {
  const label = labelOf(mend);
  const look = {
    size: "sm",
    variant: isQuiet ? "outline" : "solid",
    colorPalette: isQuiet ? "gray" : "accent",
    flexShrink: 0,
    alignSelf: { base: "flex-start", sm: "center" },
    marginStart: { base: "27px", sm: "0" },
  } as const;
  if (mend.action === "open") {
    return (
      <Button {...look} variant="outline" colorPalette="gray" asChild>
        <a href={mend.url} target="_blank" rel="noreferrer">
          {label} <LuExternalLink aria-hidden />
        </a>
      </Button>
    );
  }
  return (
    <Button {...look} aria-label={`${label}: ${of}`} loading={isBusy} onClick={() => onMend(mend)}>
      {label}
    </Button>
  );
}

function labelOf(mend: LineMend): string {
  switch (mend.action) {
    case "set_webhook":
      return "Fix it";
    case "sync_numbers":
      return "Read the numbers again";
    case "reconnect":
      return "Enter new credentials";
    case "promote_token":
      return "Use it now";
    case "choose_no_service":
      return "Send from my numbers";
    case "open":
      return "Twilio Console";
    default:
      return mend satisfies never;
  }
}
