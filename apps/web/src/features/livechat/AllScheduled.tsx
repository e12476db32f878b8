import { Box, Button, chakra, Flex, Heading, Stack, Text } from "@chakra-ui/react";
import type { Contact, Message } from "@livechat/shared";
import { differenceInCalendarDays, format } from "date-fns";
import { Suspense, useState } from "react";
import { LuCalendarClock, LuMessageCircleReply, LuPaperclip } from "react-icons/lu";
import { Link } from "react-router";
import { Avatar } from "../../components/Avatar.tsx";
import { ErrorState } from "../../components/ErrorState.tsx";
import { PageSpinner } from "../../components/PageSpinner.tsx";
import { showAddress, useAddressRules } from "../../components/show-address.ts";
import { TextLink } from "../../components/TextLink.tsx";
import { explainFailure, useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useMe } from "../../session/use-session.ts";
import { formatMoment, formatTime } from "./format-time.ts";
import { useAllScheduled } from "./use-all-scheduled.ts";
import { useNow } from "./use-now.ts";
import { useScheduledActions } from "./use-scheduled-actions.ts";
import "./livechat.css";
import { late } from "../../components/late.tsx";
import { nameContact } from "../../components/name-contact.ts";

const EditScheduledDialog = late(async () => (await import("./EditScheduledDialog.tsx")).default);

/** All texts of the workspace that wait for their time, day by day. */
export function AllScheduled() {
  const { store } = useInbox();
  const list = useAllScheduled();
  const now = useNow();
  useAddressRules();
  const days = groupByDay(list.items, now);
  return (
    <Box height="100%" overflowY="auto" bg="bg.subtle">
      <Stack
        maxWidth="46rem"
        marginX="auto"
        paddingX={{ base: "4", md: "8" }}
        paddingY={{ base: "4", md: "10" }}
        gap={{ base: "5", md: "7" }}
      >
        <Stack gap="1">
          <Heading as="h1" size={{ base: "2xl", md: "3xl" }} letterSpacing="-0.025em">
            Scheduled texts
          </Heading>
          <Text color="fg.muted">What goes out by itself, from everyone in the workspace.</Text>
        </Stack>
        {list.isPending ? (
          <PageSpinner />
        ) : list.isError && list.items.length === 0 ? (
          <ErrorState
            level="h2"
            title="The scheduled texts could not be loaded"
            detail={explainFailure(list.error)}
            onRetry={() => void list.refetch()}
            isRetrying={list.isFetching}
          />
        ) : list.items.length === 0 ? (
          <Stack layerStyle="card" align="center" textAlign="center" gap="2" padding="12">
            <Box color="fg.muted">
              <LuCalendarClock size={36} strokeWidth={1.5} aria-hidden />
            </Box>
            <Text fontWeight="semibold">Nothing is scheduled</Text>
            <Text color="fg.muted" maxWidth="24rem">
              Write a text in a conversation, then choose its time with the calendar beside the
              button that sends.
            </Text>
            <TextLink to={`/w/${store.workspaceId}`}>Go to the inbox</TextLink>
          </Stack>
        ) : (
          days.map(({ day, items }) => (
            <Stack as="section" key={day} aria-label={day} gap="2">
              <Heading as="h2" size="sm" color="fg.muted" paddingX="1">
                {day}
              </Heading>
              <chakra.ul layerStyle="card" listStyleType="none" margin="0" padding="0">
                {items.map((item) => (
                  <Row key={item.message.id} {...item} />
                ))}
              </chakra.ul>
            </Stack>
          ))
        )}
        {list.hasNextPage && (
          <Button
            variant="outline"
            alignSelf="center"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Show more
          </Button>
        )}
      </Stack>
    </Box>
  );
}

interface Item {
  message: Message;
  contact: Contact;
}

function Row({ message, contact: listed }: Item) {
  const me = useMe();
  const { store } = useInbox();
  const members = useInboxPart((snapshot) => snapshot.inbox?.members);
  const contact = useInboxPart((snapshot) => snapshot.inbox?.contacts.get(listed.id)) ?? listed;
  const { isBusy, failure, sendNow, cancel } = useScheduledActions(message.id);
  const [isEditing, setIsEditing] = useState(false);
  const name = nameContact(contact);
  const at = message.scheduledFor ?? message.createdAt;
  const author =
    message.createdBy === me.userId
      ? "you"
      : ((message.createdBy && members?.get(message.createdBy)?.displayName) ?? "a former member");
  const from = message.fromNumber
    ? showAddress(message.fromNumber)
    : message.messagingServiceSid
      ? "a Messaging Service"
      : null;
  const label = `the text to ${name} at ${formatTime(at)}`;
  return (
    <chakra.li
      display="flex"
      gap="3"
      padding="4"
      borderTopWidth="1px"
      borderColor="hairline"
      _first={{ borderTopWidth: "0" }}
    >
      <Avatar id={contact.id} name={contact.name} size={40} />
      <Stack flex="1" minWidth="0" gap="1.5">
        <Flex gap="3" align="baseline" justify="space-between">
          <Link to={`/w/${store.workspaceId}/c/${contact.id}?m=${message.id}`}>
            <Text as="span" fontWeight="semibold" dir="auto" overflowWrap="anywhere">
              {name}
            </Text>
          </Link>
          <Text color="fg.muted" flexShrink="0" title={formatMoment(at)}>
            <time dateTime={at}>{formatTime(at)}</time>
          </Text>
        </Flex>
        {message.content !== "" && (
          <Text dir="auto" whiteSpace="pre-wrap" overflowWrap="anywhere" lineClamp="4">
            {message.content}
          </Text>
        )}
        <Flex color="fg.muted" fontSize="sm" gap="1" columnGap="3" wrap="wrap">
          {message.media.length > 0 && (
            <Flex as="span" align="center" gap="1">
              <LuPaperclip aria-hidden />
              {message.media.length === 1 ? "1 file" : `${message.media.length} files`}
            </Flex>
          )}
          <span>
            By {author}
            {from && `, from ${from}`}
          </span>
          {message.cancelOnReply && (
            <Flex as="span" align="center" gap="1">
              <LuMessageCircleReply aria-hidden />
              Canceled if they reply first
            </Flex>
          )}
        </Flex>
        {failure && (
          <Text role="alert" color="fg.error">
            {failure}
          </Text>
        )}
        <Flex gap="2" wrap="wrap" marginTop="1">
          <Button
            size="xs"
            variant="outline"
            minHeight={{ base: "36px", md: "28px" }}
            disabled={isBusy}
            aria-label={`Edit ${label}`}
            onClick={() => setIsEditing(true)}
          >
            Edit
          </Button>
          <Button
            size="xs"
            variant="outline"
            minHeight={{ base: "36px", md: "28px" }}
            disabled={isBusy}
            aria-label={`Send now: ${label}`}
            onClick={sendNow}
          >
            Send now
          </Button>
          <Button
            size="xs"
            variant="outline"
            minHeight={{ base: "36px", md: "28px" }}
            disabled={isBusy}
            aria-label={`Cancel ${label}`}
            onClick={cancel}
          >
            Cancel
          </Button>
        </Flex>
      </Stack>
      {isEditing && (
        <Suspense>
          <EditScheduledDialog
            message={message}
            contact={contact}
            onClose={() => setIsEditing(false)}
          />
        </Suspense>
      )}
    </chakra.li>
  );
}

function groupByDay(items: readonly Item[], now: Date): { day: string; items: Item[] }[] {
  const groups: { day: string; items: Item[] }[] = [];
  for (const item of items) {
    const day = nameDay(new Date(item.message.scheduledFor ?? item.message.createdAt), now);
    const last = groups.at(-1);
    if (last?.day === day) last.items.push(item);
    else groups.push({ day, items: [item] });
  }
  return groups;
}

function nameDay(at: Date, now: Date): string {
  const days = differenceInCalendarDays(at, now);
  if (days <= 0) return "Today";
  if (days === 1) return "Tomorrow";
  return format(at, at.getFullYear() === now.getFullYear() ? "EEEE, MMMM d" : "EEEE, MMMM d, yyyy");
}
