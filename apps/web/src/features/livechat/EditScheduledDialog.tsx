import { Button, Dialog, Field, Flex, Portal, Stack, Textarea } from "@chakra-ui/react";
import { type Contact, fillVariables, type Message, maxTextLength } from "@livechat/shared";
import { type FormEvent, useMemo, useState } from "react";
import { Notice } from "../../components/Notice.tsx";
import { SwitchField } from "../../components/SwitchField.tsx";
import { useInbox } from "../../realtime/use-inbox.tsx";
import { useMe, useWorkspace } from "../../session/use-session.ts";
import { explainTime, ScheduleTimeField } from "./ScheduleTimeField.tsx";
import { SegmentCounter } from "./SegmentCounter.tsx";
import { readLocalTime, writeLocalTime } from "./schedule-times.ts";
import { explainUnresolved, readTextValues } from "./text-values.ts";
import { useRequest } from "./use-request.ts";
import "./composer.css";
import { ModalRoot } from "../../components/ModalRoot.tsx";

interface EditScheduledDialogProps {
  message: Message;
  contact: Contact;
  onClose(): void;
}

/** Changes the words of a scheduled text, its time, and whether an answer calls it off. */
export default function EditScheduledDialog({
  message,
  contact,
  onClose,
}: EditScheduledDialogProps) {
  const { api } = useInbox().store;
  const { isBusy, failure, run } = useRequest();
  const [text, setText] = useState(message.content);
  const [cancelsOnReply, setCancelsOnReply] = useState(message.cancelOnReply);
  const before = writeLocalTime(new Date(message.scheduledFor ?? message.createdAt));
  const [written, setWritten] = useState(before);
  const me = useMe();
  const workspace = useWorkspace();
  const filled = useMemo(
    () => fillVariables(text, readTextValues(contact, me.displayName, workspace.name)),
    [text, contact, me.displayName, workspace.name],
  );
  const timeError = explainTime(written);
  const textError =
    text.trim() === "" && message.media.length === 0
      ? "Write a text, or cancel it."
      : filled.text.length > maxTextLength
        ? `A text has at most ${maxTextLength} characters.`
        : explainUnresolved(filled.unresolved);

  async function save(event: FormEvent) {
    event.preventDefault();
    const at = readLocalTime(written);
    if (timeError || textError || !at) return;
    const isDone = await run(() =>
      api.editScheduled(message.id, {
        message: filled.text,
        // The field knows no seconds: a time that was not touched stays as it was.
        ...(written === before ? {} : { scheduledFor: at.toISOString() }),
        cancelOnReply: cancelsOnReply,
      }),
    );
    if (isDone) onClose();
  }

  return (
    <ModalRoot open onOpenChange={({ open }) => !open && onClose()} size="sm" placement="center">
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner padding="4">
          <Dialog.Content>
            <form onSubmit={(event) => void save(event)} noValidate>
              <Dialog.Header>
                <Dialog.Title>Change the scheduled text</Dialog.Title>
              </Dialog.Header>
              <Dialog.Body>
                <Stack gap="4">
                  <Field.Root invalid={textError !== null}>
                    <Field.Label>Text</Field.Label>
                    <Textarea
                      dir="auto"
                      rows={4}
                      value={text}
                      onChange={(event) => setText(event.target.value)}
                    />
                    {textError && <Field.ErrorText>{textError}</Field.ErrorText>}
                  </Field.Root>
                  <Flex color="fg.muted" fontSize="12px" _empty={{ display: "none" }}>
                    <SegmentCounter
                      text={text}
                      filled={filled.text}
                      hasFiles={message.media.length > 0}
                      onReplace={setText}
                    />
                  </Flex>
                  <ScheduleTimeField
                    contact={contact}
                    written={written}
                    error={timeError}
                    onChange={setWritten}
                  />
                  <SwitchField
                    label="Cancel it if they reply first"
                    isOn={cancelsOnReply}
                    onChange={setCancelsOnReply}
                  />
                  {failure && <Notice kind="error">{failure}</Notice>}
                </Stack>
              </Dialog.Body>
              <Dialog.Footer>
                <Button variant="ghost" onClick={onClose}>
                  Back
                </Button>
                <Button
                  type="submit"
                  colorPalette="accent"
                  loading={isBusy}
                  disabled={timeError !== null || textError !== null}
                >
                  Save
                </Button>
              </Dialog.Footer>
            </form>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </ModalRoot>
  );
}
