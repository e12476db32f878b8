import {
  Box,
  Button,
  CloseButton,
  chakra,
  Dialog,
  Flex,
  Heading,
  Portal,
  Stack,
  Text,
} from "@chakra-ui/react";
import {
  countSegments,
  type Message,
  type MessageAttemptList,
  parseTwilioStatus,
} from "@livechat/shared";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { CopyButton } from "../../components/CopyButton.tsx";
import { ModalRoot } from "../../components/ModalRoot.tsx";
import { Notice } from "../../components/Notice.tsx";
import { showAddress, useAddressRules } from "../../components/show-address.ts";
import { explainFailure, useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";
import { describeCost } from "./describe-cost.ts";
import { describeStatus } from "./describe-status.ts";
import { formatMoment } from "./format-time.ts";

type Attempt = MessageAttemptList["items"][number];

const preciseTime = new Intl.DateTimeFormat(undefined, {
  dateStyle: "medium",
  timeStyle: "medium",
});

/** All that is known of one text: from whom and where, how long, what it cost, and each attempt. */
export default function MessageDetails({
  message,
  onClose,
}: {
  message: Message;
  onClose(): void;
}) {
  const { api, workspaceId } = useInbox().store;
  const me = useMe();
  const members = useInboxPart((snapshot) => snapshot.inbox?.members);
  useAddressRules();
  const isOut = message.direction === "outbound";
  const attempts = useQuery({
    // Whatever changes the text may have changed its history.
    queryKey: ["attempts", workspaceId, message.id, message.updatedAt],
    queryFn: () => api.listAttempts(message.id),
    placeholderData: keepPreviousData,
    enabled: isOut,
  });
  const author =
    message.createdBy === me.userId
      ? "You"
      : (message.createdBy && members?.get(message.createdBy)?.displayName) || "A former member";
  const { encoding, segments } = countSegments(message.content);
  const billed = message.numSegments ?? segments;
  const status = describeStatus(message.status);
  return (
    <ModalRoot
      open
      onOpenChange={({ open }) => !open && onClose()}
      placement="center"
      scrollBehavior="inside"
    >
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner padding="4">
          <Dialog.Content maxWidth="32rem" borderRadius="panel">
            <Dialog.Header>
              <Dialog.Title>Details of the text</Dialog.Title>
            </Dialog.Header>
            <Dialog.Body>
              <Stack gap="5">
                {message.content !== "" && (
                  <Text
                    dir="auto"
                    lineClamp="3"
                    overflowWrap="anywhere"
                    color="fg.muted"
                    whiteSpace="pre-wrap"
                  >
                    {message.content}
                  </Text>
                )}
                <Facts>
                  {isOut && <Fact name="Written by">{author}</Fact>}
                  <Fact name="From">
                    {message.fromNumber
                      ? showAddress(message.fromNumber)
                      : "Chosen by the Messaging Service"}
                  </Fact>
                  {message.messagingServiceSid && (
                    <Fact name="Messaging Service">
                      <Sid sid={message.messagingServiceSid} />
                    </Fact>
                  )}
                  {message.toNumber && <Fact name="To">{showAddress(message.toNumber)}</Fact>}
                  {message.scheduledFor && (
                    <Fact name="Scheduled for">{formatMoment(message.scheduledFor)}</Fact>
                  )}
                  <Fact name={isOut ? "Status" : "Received"}>
                    {status?.label ?? formatMoment(message.createdAt)}
                  </Fact>
                  <Fact name="Length">
                    {[
                      `${message.content.length} characters`,
                      message.messageType === "media"
                        ? `${message.media.length} ${message.media.length === 1 ? "file" : "files"}`
                        : `${billed} ${billed === 1 ? "segment" : "segments"}`,
                      encoding === "UCS-2" ? "Unicode (UCS-2)" : "GSM-7",
                    ].join(" · ")}
                  </Fact>
                  {isOut && (
                    <Fact name="Price">
                      {message.price === null
                        ? "Not told by the carrier yet"
                        : describeCost({ ...message, numSegments: null })}
                    </Fact>
                  )}
                  {!isOut && message.twilioSid && (
                    <Fact name="SID">
                      <Sid sid={message.twilioSid} />
                    </Fact>
                  )}
                </Facts>
                {attempts.isError && (
                  <Stack align="start">
                    <Notice kind="error">{explainFailure(attempts.error)}</Notice>
                    <Button variant="outline" size="sm" onClick={() => void attempts.refetch()}>
                      Try again
                    </Button>
                  </Stack>
                )}
                {isOut && attempts.isPending && <Text color="fg.muted">Loading the attempts…</Text>}
                {attempts.data?.items.map((attempt) => (
                  <AttemptPart
                    key={attempt.round}
                    attempt={attempt}
                    isOnly={attempts.data.items.length === 1}
                  />
                ))}
              </Stack>
            </Dialog.Body>
            <Dialog.CloseTrigger asChild>
              <CloseButton size="sm" />
            </Dialog.CloseTrigger>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </ModalRoot>
  );
}

function AttemptPart({ attempt, isOnly }: { attempt: Attempt; isOnly: boolean }) {
  const title = isOnly ? "What happened" : `Attempt ${attempt.round}`;
  const cost = describeCost(attempt);
  return (
    <Stack
      as="section"
      aria-label={title}
      gap="2.5"
      borderTopWidth="1px"
      borderColor="hairline"
      paddingTop="4"
    >
      <Flex justify="space-between" gap="3" align="baseline">
        <Heading as="h3" size="sm">
          {title}
        </Heading>
        <Text color="fg.muted">{describeStatus(attempt.status)?.label}</Text>
      </Flex>
      <chakra.ol listStyleType="none" margin="0" padding="0" display="grid" gap="1">
        <Step at={attempt.since} words={attempt.round === 1 ? "Written" : "Asked for again"} />
        {attempt.handedOverAt && <Step at={attempt.handedOverAt} words="Handed to the carrier" />}
        {attempt.reports.map((report) => (
          <Step
            key={`${report.at} ${report.status}`}
            at={report.at}
            words={nameReport(report.status)}
            note={[
              report.isAskedFor ? "from the carrier's record" : null,
              report.errorCode === null ? null : `error ${report.errorCode}`,
            ]
              .filter(Boolean)
              .join(", ")}
          />
        ))}
      </chakra.ol>
      {(attempt.errorCode !== null || attempt.errorMessage !== null) && (
        <Notice kind="error">
          {attempt.errorCode !== null && `Error ${attempt.errorCode}. `}
          {attempt.errorMessage}
        </Notice>
      )}
      <Facts>
        {!isOnly && attempt.fromNumber && (
          <Fact name="From">{showAddress(attempt.fromNumber)}</Fact>
        )}
        {!isOnly && cost && <Fact name="Billed">{cost}</Fact>}
        <Fact name="SID">
          {attempt.twilioSid ? (
            <Sid sid={attempt.twilioSid} />
          ) : (
            "None: the carrier gave it no number"
          )}
        </Fact>
      </Facts>
    </Stack>
  );
}

/** What the carrier's word means, with the word itself where it is another. */
function nameReport(word: string): string {
  const status = parseTwilioStatus(word);
  const label = status && describeStatus(status)?.label;
  return label ? (label.toLowerCase() === word ? label : `${label} (${word})`) : word;
}

function Step({ at, words, note = "" }: { at: string; words: string; note?: string }) {
  return (
    <chakra.li display="flex" gap="3" flexWrap="wrap">
      <chakra.time
        dateTime={at}
        color="fg.muted"
        flex="0 0 11.5rem"
        fontVariantNumeric="tabular-nums"
      >
        {preciseTime.format(new Date(at))}
      </chakra.time>
      <Box flex="1 1 10rem" minWidth="0">
        {words}
        {note && (
          <Text as="span" color="fg.muted">
            {" "}
            · {note}
          </Text>
        )}
      </Box>
    </chakra.li>
  );
}

function Sid({ sid }: { sid: string }) {
  return (
    <Flex gap="2" align="center" wrap="wrap">
      <chakra.code fontFamily="mono" fontSize="12px" overflowWrap="anywhere">
        {sid}
      </chakra.code>
      <CopyButton text={sid} name={sid} size="xs" />
    </Flex>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <Flex gap="3">
      <chakra.dt flex="0 0 8rem" color="fg.muted">
        {name}
      </chakra.dt>
      <chakra.dd flex="1" minWidth="0" margin="0" overflowWrap="anywhere">
        {children}
      </chakra.dd>
    </Flex>
  );
}

const Facts = chakra("dl", { base: { display: "grid", gap: "1.5", margin: "0" } });
