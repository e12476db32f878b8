import { Field, Input, Text } from "@chakra-ui/react";
import type { Contact } from "@livechat/shared";
import { nameContact } from "../../components/name-contact.ts";
import { findZone } from "./quiet-hours.ts";
import { readLocalTime, writeLocalTime } from "./schedule-times.ts";

interface ScheduleTimeFieldProps {
  contact: Contact;
  /** As the field holds it. */
  written: string;
  error: string | null;
  onChange(written: string): void;
}

/** A day and a time for a text, with what the clock shows then where the contact lives. */
export function ScheduleTimeField({ contact, written, error, onChange }: ScheduleTimeFieldProps) {
  const chosen = readLocalTime(written);
  const likely = findZone(contact);
  const isElsewhere = likely?.zone !== Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <>
      <Field.Root invalid={error !== null}>
        <Field.Label>Day and time</Field.Label>
        <Input
          type="datetime-local"
          value={written}
          min={writeLocalTime(new Date())}
          onChange={(event) => onChange(event.target.value)}
        />
        {error && <Field.ErrorText>{error}</Field.ErrorText>}
      </Field.Root>
      {likely && chosen && isElsewhere && (
        <Text color="fg.muted">
          {new Intl.DateTimeFormat(undefined, {
            timeZone: likely.zone,
            weekday: "short",
            hour: "numeric",
            minute: "2-digit",
          }).format(chosen)}{" "}
          where <bdi>{nameContact(contact)}</bdi> {likely.isGuess && "probably "}lives (
          {likely.zone})
        </Text>
      )}
    </>
  );
}

/** What is wrong with such a time; null when a text can go out then. */
export function explainTime(written: string): string | null {
  const chosen = readLocalTime(written);
  if (!chosen) return "Enter a day and a time.";
  return chosen.getTime() <= Date.now() ? "This time is over." : null;
}
