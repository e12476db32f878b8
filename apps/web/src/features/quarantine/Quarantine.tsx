import { Box, Button, chakra, Flex, Separator, Stack, Text } from "@chakra-ui/react";
import { formatAddress, type QuarantinedReceipt, quarantineDetail } from "@livechat/shared";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { LuChevronDown, LuShieldCheck } from "react-icons/lu";
import { apiRequest } from "../../api/client.ts";
import { ConfirmDialog } from "../../components/ConfirmDialog.tsx";
import { Notice } from "../../components/Notice.tsx";
import { PageSpinner } from "../../components/PageSpinner.tsx";
import { TextLink } from "../../components/TextLink.tsx";
import { useWorkspace } from "../../session/use-session.ts";
import { useQuarantine } from "./quarantine-queries.ts";

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** What Twilio signed and could not be used: looked at, tried again, or set aside. For admins. */
export function Quarantine() {
  const workspace = useWorkspace();
  const base = `/api/workspaces/${workspace.id}/quarantine`;
  const list = useQuarantine(workspace.id);
  const retryAll = useMutation({
    mutationFn: () => apiRequest({ method: "POST", path: `${base}/process` }),
  });
  if (list.isPending) return <PageSpinner />;
  if (list.isError)
    return (
      <Stack align="start">
        <Notice kind="error">{list.error.message}</Notice>
        <Button variant="outline" onClick={() => void list.refetch()}>
          Try again
        </Button>
      </Stack>
    );
  const items = list.data.pages.flatMap((page) => page.items);
  const unknownNumbers = list.data.pages[0]?.unknownNumbers ?? [];
  return (
    <Stack as="section" aria-label="Quarantine" gap="3">
      <Flex gap="3" align="flex-end" justify="space-between" wrap="wrap" paddingX="1">
        <Stack gap="0.5" flex="1" minWidth="14rem">
          <Text as="h2" fontSize="md" fontWeight="semibold">
            Quarantine
          </Text>
          <Text color="fg.muted">
            Posts that Twilio signed and that could not be used. Nothing in here is lost: it is
            tried again at every start, and whenever you ask.
          </Text>
        </Stack>
        {items.length > 1 && (
          <Button
            variant="outline"
            size="sm"
            loading={retryAll.isPending}
            onClick={() => retryAll.mutate()}
          >
            Try all again
          </Button>
        )}
      </Flex>
      {retryAll.isError && <Notice kind="error">{retryAll.error.message}</Notice>}
      {unknownNumbers.length > 0 && (
        <Notice kind="info">
          Texts came to {unknownNumbers.map((each) => formatAddress(each.phoneNumber)).join(", ")},
          which {unknownNumbers.length === 1 ? "is" : "are"} not among the numbers read last. They
          are in the inbox.{" "}
          <TextLink to={`/w/${workspace.id}/settings/twilio`}>Read the numbers</TextLink>
        </Notice>
      )}
      <Stack layerStyle="card" gap="0" overflow="hidden">
        {items.length === 0 ? (
          <Stack align="center" textAlign="center" gap="1.5" paddingX="6" paddingY="10">
            <Box color="status.ok">
              <LuShieldCheck size={34} strokeWidth={1.6} aria-hidden />
            </Box>
            <Text fontWeight="semibold">Everything was understood</Text>
            <Text color="fg.muted">Every post of Twilio's became a text or a delivery report.</Text>
          </Stack>
        ) : (
          <Stack as="ul" gap="0" listStyleType="none">
            {items.map((item, at) => (
              <li key={item.id}>
                {at > 0 && <Separator borderColor="hairline" />}
                <Item item={item} base={base} />
              </li>
            ))}
          </Stack>
        )}
      </Stack>
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
  );
}

function Item({ item, base }: { item: QuarantinedReceipt; base: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const [isDismissing, setIsDismissing] = useState(false);
  const detailId = useId();
  const retry = useMutation({
    mutationFn: () => apiRequest({ method: "POST", path: `${base}/${item.id}/process` }),
  });
  const dismiss = useMutation({
    mutationFn: () => apiRequest({ method: "POST", path: `${base}/${item.id}/dismiss` }),
    onSuccess: () => setIsDismissing(false),
  });
  const title =
    item.kind === "status"
      ? "A delivery report"
      : item.from
        ? `A text from ${formatAddress(item.from)}`
        : "A text from an unknown sender";
  return (
    <Stack gap="2" padding={{ base: "4", md: "4.5" }}>
      <Flex gap="3" align="baseline" justify="space-between" wrap="wrap">
        <Text fontWeight="semibold" overflowWrap="anywhere">
          {title}
        </Text>
        <Text color="fg.muted" fontSize="sm" flexShrink="0">
          <time dateTime={item.receivedAt}>{moment.format(new Date(item.receivedAt))}</time>
        </Text>
      </Flex>
      {item.preview && (
        <Text dir="auto" overflowWrap="anywhere">
          “{item.preview}”
        </Text>
      )}
      <Text color="fg.muted" fontSize="sm" overflowWrap="anywhere">
        {item.reason}
        {item.tries > 0 &&
          ` Tried again ${item.tries === 1 ? "once" : `${item.tries} times`}${item.triedAt ? `, last ${moment.format(new Date(item.triedAt))}` : ""}.`}
      </Text>
      <Flex gap="2" wrap="wrap" align="center">
        <Button
          size="sm"
          variant="outline"
          loading={retry.isPending}
          aria-label={`Try again: ${title}`}
          onClick={() => retry.mutate()}
        >
          Try again
        </Button>
        <Button
          size="sm"
          variant="ghost"
          aria-label={`Set aside: ${title}`}
          onClick={() => {
            dismiss.reset();
            setIsDismissing(true);
          }}
        >
          Set aside
        </Button>
        <Button
          size="sm"
          variant="ghost"
          color="fg.muted"
          marginInlineStart="auto"
          aria-expanded={isOpen}
          aria-controls={detailId}
          onClick={() => setIsOpen(!isOpen)}
        >
          As it came
          <Box
            as="span"
            transform={isOpen ? "rotate(180deg)" : undefined}
            transition="transform 150ms"
          >
            <LuChevronDown aria-hidden />
          </Box>
        </Button>
      </Flex>
      {retry.isError && <Notice kind="error">{retry.error.message}</Notice>}
      {isOpen && <Form id={detailId} path={`${base}/${item.id}`} />}
      <ConfirmDialog
        isOpen={isDismissing}
        title="Set this aside?"
        detail="It leaves the list and is not tried again. That is written down with your name."
        confirmLabel="Set aside"
        isBusy={dismiss.isPending}
        error={dismiss.error?.message}
        onConfirm={() => dismiss.mutate()}
        onClose={() => setIsDismissing(false)}
      />
    </Stack>
  );
}

/** The form of the post, name by name. */
function Form({ id, path }: { id: string; path: string }) {
  const detail = useQuery({
    queryKey: ["quarantined", path],
    queryFn: ({ signal }) => apiRequest({ path, response: quarantineDetail, signal }),
  });
  return (
    <Box id={id} role="region" aria-label="The post as it came">
      {detail.isError ? (
        <Notice kind="error">{detail.error.message}</Notice>
      ) : (
        <Fields>
          {detail.data?.fields.map(({ name, value }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the fields of a post never change places.
            <div key={at}>
              <dt>{name}</dt>
              <dd dir="auto">{value === "" ? <em>empty</em> : value}</dd>
            </div>
          ))}
        </Fields>
      )}
    </Box>
  );
}

const Fields = chakra("dl", {
  base: {
    display: "grid",
    gap: "1",
    maxHeight: "18rem",
    padding: "3",
    overflowY: "auto",
    borderRadius: "10px",
    bg: "bg.subtle",
    fontSize: "12.5px",
    "& > div": { display: "flex", gap: "3" },
    "& dt": { flex: "0 0 clamp(5.5rem, 30%, 9.5rem)", color: "fg.muted", overflowWrap: "anywhere" },
    "& dd": { flex: 1, minWidth: 0, margin: 0, overflowWrap: "anywhere", unicodeBidi: "isolate" },
  },
});
