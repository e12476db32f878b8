import { Button, Field, Input } from "@chakra-ui/react";
import { format } from "date-fns";
import { useState } from "react";
import { LuClock } from "react-icons/lu";
import { OptionList } from "./OptionList.tsx";
import { Names, PickerDialog, type PickerProps } from "./PickerDialog.tsx";
import { formatSnooze, listSnoozeTimes } from "./snooze-times.ts";
import { useConversationActions } from "./use-conversation-actions.ts";

/** Asks until when conversations are to be out of sight. */
export function SnoozePicker({ contacts, onClose }: PickerProps) {
  const actions = useConversationActions();
  const [now] = useState(() => new Date());
  const [moment, setMoment] = useState("");
  const [error, setError] = useState<string | null>(null);

  function choose(until: Date) {
    if (Number.isNaN(until.getTime()) || until <= new Date()) {
      setError("Choose a moment in the future.");
      return;
    }
    actions.snooze(contacts, until);
    onClose();
  }

  return (
    <PickerDialog
      title={
        <>
          Snooze <Names contacts={contacts} />
        </>
      }
      onClose={onClose}
    >
      <OptionList
        label="Snooze until"
        options={listSnoozeTimes(now).map(({ label, until }) => ({
          key: label,
          icon: <LuClock aria-hidden="true" />,
          label,
          hint: formatSnooze(until, now),
          onChoose: () => choose(until),
        }))}
      />
      <form
        className="lc-picker-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          choose(new Date(moment));
        }}
      >
        <Field.Root invalid={error !== null}>
          <Field.Label>Another time</Field.Label>
          <Input
            type="datetime-local"
            value={moment}
            min={format(now, "yyyy-MM-dd'T'HH:mm")}
            onChange={(event) => {
              setMoment(event.target.value);
              setError(null);
            }}
          />
          <Field.ErrorText>{error}</Field.ErrorText>
        </Field.Root>
        <Button type="submit" variant="outline">
          Snooze
        </Button>
      </form>
      <p className="lc-picker-note">A text from the customer brings it back before.</p>
    </PickerDialog>
  );
}
