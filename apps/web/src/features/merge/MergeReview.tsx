import { Box, Button, chakra, Dialog, Flex, Grid, Spinner, Text } from "@chakra-ui/react";
import {
  type Contact,
  type ContactField,
  type MergeableField,
  type MergePreview,
  mergeableField,
} from "@livechat/shared";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useMemo, useState } from "react";
import { LuArrowLeftRight } from "react-icons/lu";
import { useNavigate } from "react-router";
import { mergeContacts, mergePreviewQuery } from "../../api/merge-queries.ts";
import { Avatar } from "../../components/Avatar.tsx";
import { columnLabels } from "../../components/column-labels.ts";
import { Notice } from "../../components/Notice.tsx";
import { nameContact } from "../../components/name-contact.ts";
import { nameLanguage } from "../../components/name-language.ts";
import { showAddress } from "../../components/show-address.ts";
import { explainFailure, useInbox, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useWorkspace } from "../../session/use-session.ts";
import { offerUndo } from "./offer-undo.ts";

interface MergeReviewProps {
  /** The contact that stays. */
  contactId: string;
  otherId: string;
  onSwap(): void;
  onClose(): void;
}

/** Both cards side by side: which one stays, whose values, what moves, and what becomes of the number. */
export function MergeReview({ contactId, otherId, onSwap, onClose }: MergeReviewProps) {
  const workspace = useWorkspace();
  const preview = useQuery(mergePreviewQuery(workspace.id, contactId, otherId));
  return (
    <>
      <Dialog.Header paddingBottom="2">
        <Dialog.Title>Merge contacts</Dialog.Title>
      </Dialog.Header>
      {preview.data ? (
        <Review preview={preview.data} onSwap={onSwap} onClose={onClose} />
      ) : (
        <Dialog.Body minHeight="16rem" display="grid" placeItems="center" gap="3">
          {preview.error ? (
            <>
              <Notice kind="error">{explainFailure(preview.error)}</Notice>
              <Button variant="outline" onClick={() => void preview.refetch()}>
                Try again
              </Button>
            </>
          ) : (
            <Spinner aria-label="Loading" />
          )}
        </Dialog.Body>
      )}
    </>
  );
}

/** A field in which the two differ, or that only one of them fills in. */
interface Difference {
  key: string;
  label: string;
  own: string;
  other: string;
}

function listDifferences(
  contact: Contact,
  absorbed: Contact,
  fields: Iterable<ContactField>,
): Difference[] {
  const standard = mergeableField.options.map((key) => ({
    key,
    label: columnLabels[key],
    own: showValue(key, contact[key]),
    other: showValue(key, absorbed[key]),
  }));
  const custom = [...fields]
    .filter((field) => field.archivedAt === null)
    .map((field) => ({
      key: field.id,
      label: field.label,
      own: String(contact.customFields[field.id] ?? ""),
      other: String(absorbed.customFields[field.id] ?? ""),
    }));
  return [...standard, ...custom].filter(({ own, other }) => own !== other);
}

function showValue(key: MergeableField, value: string | null): string {
  return key === "language" && value !== null ? nameLanguage(value) : (value ?? "");
}

function Review({
  preview,
  onSwap,
  onClose,
}: {
  preview: MergePreview;
  onSwap(): void;
  onClose(): void;
}) {
  const { store } = useInbox();
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const fields = useInboxPart((snapshot) => snapshot.inbox?.contactFields);
  const { contact, absorbed } = preview;
  const [taken, setTaken] = useState<ReadonlySet<string>>(new Set());
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const differences = useMemo(
    () => listDifferences(contact, absorbed, fields?.values() ?? []),
    [contact, absorbed, fields],
  );
  const isTaken = ({ key, own }: Difference) => own === "" || taken.has(key);

  function take(key: string, isOther: boolean) {
    const next = new Set(taken);
    if (isOther) next.add(key);
    else next.delete(key);
    setTaken(next);
  }

  async function merge() {
    setIsBusy(true);
    setFailure(null);
    try {
      const keys = differences.filter(isTaken).map(({ key }) => key);
      const merged = await mergeContacts(workspace.id, contact.id, {
        absorbedId: absorbed.id,
        take: mergeableField.options.filter((key) => keys.includes(key)),
        takeCustomFields: keys.filter((key) => !mergeableField.safeParse(key).success),
      });
      store.putContact(merged);
      void queries.invalidateQueries({ queryKey: ["duplicates", workspace.id] });
      onClose();
      void navigate(`/w/${workspace.id}/c/${contact.id}`);
      offerUndo(store, merged, absorbed);
    } catch (error) {
      setFailure(explainFailure(error));
      setIsBusy(false);
    }
  }

  return (
    <>
      <Dialog.Body display="grid" gridTemplateColumns="minmax(0, 1fr)" gap="5" alignContent="start">
        {failure && <Notice kind="error">{failure}</Notice>}
        <Grid templateColumns="minmax(0, 1fr) auto minmax(0, 1fr)" alignItems="center" gap="2">
          <Card contact={contact} fate="Stays" isMain />
          <Button
            variant="ghost"
            size="sm"
            aria-label="Swap which contact stays"
            title="Swap which contact stays"
            onClick={onSwap}
          >
            <LuArrowLeftRight aria-hidden />
          </Button>
          <Card contact={absorbed} fate="Merges into it" />
        </Grid>
        {differences.length > 0 && (
          <Box as="section" aria-labelledby="merge-values">
            <Text id="merge-values" fontWeight="semibold" marginBottom="2">
              What is kept
            </Text>
            <Grid gap="2">
              {differences.map((difference) => (
                <Choice
                  key={difference.key}
                  difference={difference}
                  isOther={isTaken(difference)}
                  onChange={(isOther) => take(difference.key, isOther)}
                />
              ))}
            </Grid>
          </Box>
        )}
        <Box as="section" aria-labelledby="merge-moves">
          <Text id="merge-moves" fontWeight="semibold" marginBottom="1.5">
            What happens
          </Text>
          <chakra.ul
            paddingInlineStart="5"
            display="grid"
            gap="1.5"
            color="fg.muted"
            fontSize="sm"
            listStyleType="disc"
          >
            {explainMerge(preview).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </chakra.ul>
        </Box>
      </Dialog.Body>
      <Dialog.Footer>
        <Button variant="ghost" onClick={onClose}>
          Cancel
        </Button>
        <Button colorPalette="accent" loading={isBusy} onClick={() => void merge()}>
          Merge
        </Button>
      </Dialog.Footer>
    </>
  );
}

function Card({
  contact,
  fate,
  isMain = false,
}: {
  contact: Contact;
  fate: string;
  isMain?: boolean;
}) {
  const numbers = [contact.phoneNumber, ...contact.otherNumbers.map((each) => each.phoneNumber)];
  const name = nameContact(contact);
  return (
    <Flex
      direction="column"
      align="center"
      gap="1.5"
      padding="4"
      height="100%"
      textAlign="center"
      borderWidth="1px"
      borderColor={isMain ? "accent.solid" : "hairline"}
      borderRadius="14px"
      bg="bg.panel"
    >
      <Avatar id={contact.id} name={contact.name} size={36} />
      <Text fontWeight="semibold" maxWidth="100%" truncate dir="auto">
        {name}
      </Text>
      {numbers.map((number) => (
        <Text key={number} fontSize="sm" color="fg.muted" maxWidth="100%" truncate>
          {showAddress(number)}
        </Text>
      ))}
      <Text
        fontSize="xs"
        fontWeight="medium"
        marginTop="auto"
        color={isMain ? "accent.fg" : "fg.muted"}
      >
        {fate}
      </Text>
    </Flex>
  );
}

function Choice({
  difference: { key, label, own, other },
  isOther,
  onChange,
}: {
  difference: Difference;
  isOther: boolean;
  onChange(isOther: boolean): void;
}) {
  const id = useId();
  const options = [
    { value: own, isChosen: !isOther, choose: () => onChange(false) },
    { value: other, isChosen: isOther, choose: () => onChange(true) },
  ];
  return (
    <chakra.fieldset border="0" padding="0" margin="0" minWidth="0">
      <chakra.legend fontSize="xs" color="fg.muted" marginBottom="1">
        <bdi>{label}</bdi>
      </chakra.legend>
      <Grid templateColumns="minmax(0, 1fr) minmax(0, 1fr)" gap="2">
        {options.map((option, at) => (
          <chakra.label
            key={`${key} ${String(at)}`}
            display="flex"
            alignItems="center"
            gap="2"
            minHeight="40px"
            paddingX="3"
            paddingY="1.5"
            borderWidth="1px"
            borderRadius="10px"
            borderColor={option.isChosen ? "accent.solid" : "hairline"}
            bg={option.isChosen ? "accent.subtle" : undefined}
            color={option.value === "" ? "fg.muted" : "fg"}
            cursor={option.value === "" ? "default" : "pointer"}
            _focusWithin={{ outline: "2px solid {colors.accent.focusRing}", outlineOffset: "1px" }}
          >
            <input
              type="radio"
              name={id}
              checked={option.isChosen}
              disabled={option.value === ""}
              onChange={option.choose}
              style={{ accentColor: "var(--chakra-colors-accent-solid)", flex: "none" }}
            />
            <Text as="span" fontSize="sm" lineClamp={2} dir="auto" minWidth="0">
              {option.value === "" ? "Nothing" : option.value}
            </Text>
          </chakra.label>
        ))}
      </Grid>
    </chakra.fieldset>
  );
}

/** What a merge moves and means, in sentences. */
function explainMerge(preview: MergePreview): string[] {
  const { contact, absorbed, messageCount, noteCount, fileCount, isMarked } = preview;
  const number = listInWords(
    [absorbed, ...absorbed.otherNumbers].map((each) => showAddress(each.phoneNumber)),
  );
  const moved = [
    count(messageCount, "text"),
    count(fileCount, "file"),
    count(noteCount, "note"),
    count(absorbed.tagIds.length, "tag"),
  ].filter((part) => part !== null);
  const lines = [
    moved.length > 0
      ? `${moved.join(", ")} and what was done there move into one conversation, in the order of time.`
      : "Nothing was written there yet, so only the card and its number move.",
    `Texts from ${number} land in this conversation from now on. You choose which number an answer goes to; it begins with the one they wrote from last.`,
  ];
  const waitingCount = preview.scheduledCount + preview.waitingCount;
  if (waitingCount > 0 && !isMarked) {
    lines.push(
      waitingCount === 1
        ? `1 text that has not gone out yet still goes to ${number}.`
        : `${waitingCount} texts that have not gone out yet still go to ${number}.`,
    );
  }
  const out = [
    ...[contact, absorbed].filter((each) => each.optedOutAt).map((each) => each.phoneNumber),
    ...[...contact.otherNumbers, ...absorbed.otherNumbers]
      .filter((each) => each.optedOutAt)
      .map((each) => each.phoneNumber),
  ];
  if (isMarked) {
    lines.push(
      "A teammate recorded that this person wants no texts. That holds for every number from now on, and what still waits is called off.",
    );
  } else {
    lines.push(
      out.length > 0
        ? `${listInWords(out.map(showAddress))} opted out and ${out.length === 1 ? "stays" : "stay"} so: consent belongs to each number.`
        : "Opting out belongs to each number: a STOP from one of them leaves the other as it is.",
    );
  }
  if (absorbed.blockedAt && !contact.blockedAt) {
    lines.push(
      `${showAddress(absorbed.phoneNumber)} is blocked now. In this conversation its texts call again.`,
    );
  }
  if (contact.blockedAt) {
    lines.push("This conversation is blocked: texts from both numbers are kept, and call nobody.");
  }
  lines.push(
    "You can separate them again at any time. Texts then go back with their number, also those that came since; what people write into the fields meanwhile stays.",
  );
  return lines;
}

function listInWords(parts: readonly string[]): string {
  return new Intl.ListFormat("en").format(parts);
}

function count(n: number, noun: string): string | null {
  return n === 0 ? null : `${n} ${noun}${n === 1 ? "" : "s"}`;
}
