import { Button, chakra, Dialog, Field, Input, Portal, Stack, Text } from "@chakra-ui/react";
import type { Contact } from "@livechat/shared";
import { useState } from "react";
import { SwitchField } from "../../components/SwitchField.tsx";
import { nameContact } from "./describe-contact.ts";
import { formatMoment } from "./format-time.ts";
import { findZone } from "./quiet-hours.ts";
import { listScheduleTimes, readLocalTime, writeLocalTime } from "./schedule-times.ts";

interface ScheduleDialogProps {
  contact: Contact;
  /** What a scheduled text has now; absent for a new one. */
  current?: { scheduledFor: string; cancelOnReply: boolean };
  onChoose(scheduledFor: string, cancelOnReply: boolean): void;
  onClose(): void;
}

/** When a text is to go out: a few likely times, or any other. */
export default function ScheduleDialog({
  contact,
  current,
  onChoose,
  onClose,
}: ScheduleDialogProps) {
  const [now] = useState(() => new Date());
  const times = listScheduleTimes(now);
  const [cancelsOnReply, setCancelsOnReply] = useState(current?.cancelOnReply ?? false);
  const [written, setWritten] = useState(() =>
    writeLocalTime(current ? new Date(current.scheduledFor) : (times[1]?.at ?? now)),
  );
  const chosen = readLocalTime(written);
  const isPast = chosen !== null && chosen.getTime() <= Date.now();
  const likely = findZone(contact);
  const theirTime =
    likely && chosen && likely.zone !== Intl.DateTimeFormat().resolvedOptions().timeZone
      ? new Intl.DateTimeFormat(undefined, {
          timeZone: likely.zone,
          weekday: "short",
          hour: "numeric",
          minute: "2-digit",
        }).format(chosen)
      : null;
  const error = chosen === null ? "Enter a day and a time." : isPast ? "This time is over." : null;
  return (
    <Dialog.Root open onOpenChange={({ open }) => !open && onClose()} size="sm" placement="center">
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner padding="4">
          <Dialog.Content>
            <Dialog.Header>
              <Dialog.Title>{current ? "Change the time" : "Send later"}</Dialog.Title>
            </Dialog.Header>
            <Dialog.Body>
              <Stack gap="4">
                {times.length > 0 && (
                  <Stack gap="1.5">
                    {times.map(({ label, at }) => (
                      <Button
                        key={label}
                        variant="outline"
                        justifyContent="space-between"
                        fontWeight="medium"
                        onClick={() => onChoose(at.toISOString(), cancelsOnReply)}
                      >
                        {label}
                        <chakra.span color="fg.muted" fontWeight="normal">
                          {new Intl.DateTimeFormat(undefined, {
                            weekday: "short",
                            hour: "numeric",
                            minute: "2-digit",
                          }).format(at)}
                        </chakra.span>
                      </Button>
                    ))}
                  </Stack>
                )}
                <Field.Root invalid={error !== null}>
                  <Field.Label>Day and time</Field.Label>
                  <Input
                    type="datetime-local"
                    value={written}
                    min={writeLocalTime(now)}
                    onChange={(event) => setWritten(event.target.value)}
                  />
                  {error && <Field.ErrorText>{error}</Field.ErrorText>}
                </Field.Root>
                {theirTime && (
                  <Text color="fg.muted">
                    {theirTime} where {nameContact(contact)} {likely?.isGuess && "probably "}lives (
                    {likely?.zone})
                  </Text>
                )}
                <SwitchField
                  label="Cancel it if they reply first"
                  isOn={cancelsOnReply}
                  onChange={setCancelsOnReply}
                />
              </Stack>
            </Dialog.Body>
            <Dialog.Footer>
              <Button variant="ghost" onClick={onClose}>
                Back
              </Button>
              <Button
                colorPalette="accent"
                disabled={error !== null}
                title={chosen ? formatMoment(chosen.toISOString()) : undefined}
                onClick={() => chosen && onChoose(chosen.toISOString(), cancelsOnReply)}
              >
                Schedule
              </Button>
            </Dialog.Footer>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </Dialog.Root>
  );
}
