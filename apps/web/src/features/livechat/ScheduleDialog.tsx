import { Button, chakra, Dialog, Portal, Stack } from "@chakra-ui/react";
import type { Contact } from "@livechat/shared";
import { useState } from "react";
import { ModalRoot } from "../../components/ModalRoot.tsx";
import { SwitchField } from "../../components/SwitchField.tsx";
import { formatMoment } from "./format-time.ts";
import { findZone } from "./quiet-hours.ts";
import { explainTime, ScheduleTimeField } from "./ScheduleTimeField.tsx";
import { listScheduleTimes, readLocalTime, writeLocalTime } from "./schedule-times.ts";

interface ScheduleDialogProps {
  contact: Contact;
  onChoose(scheduledFor: string, cancelOnReply: boolean): void;
  onClose(): void;
}

/** When a new text is to go out: a few likely times, or any other. */
export default function ScheduleDialog({ contact, onChoose, onClose }: ScheduleDialogProps) {
  const [now] = useState(() => new Date());
  const times = listScheduleTimes(now);
  const [cancelsOnReply, setCancelsOnReply] = useState(false);
  const [written, setWritten] = useState(() => writeLocalTime(times[1]?.at ?? now));
  const chosen = readLocalTime(written);
  const error = explainTime(written);
  const there = findZone(contact)?.zone;
  const isElsewhere = there && there !== Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <ModalRoot open onOpenChange={({ open }) => !open && onClose()} size="sm" placement="center">
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner padding="4">
          <Dialog.Content>
            <Dialog.Header>
              <Dialog.Title>Send later</Dialog.Title>
            </Dialog.Header>
            <Dialog.Body>
              <Stack gap="4">
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
                        {isElsewhere &&
                          ` · ${new Intl.DateTimeFormat(undefined, {
                            timeZone: there,
                            hour: "numeric",
                            minute: "2-digit",
                          }).format(at)} there`}
                      </chakra.span>
                    </Button>
                  ))}
                </Stack>
                <ScheduleTimeField
                  contact={contact}
                  written={written}
                  error={error}
                  onChange={setWritten}
                />
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
    </ModalRoot>
  );
}
