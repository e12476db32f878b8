import { ChoiceGroup } from "../../components/ChoiceGroup.tsx";
import { SwitchField } from "../../components/SwitchField.tsx";
import { usePreference } from "../../preferences/use-preference.ts";
import { SettingsSection } from "./SettingsSection.tsx";

/** How texts are written in this browser. */
export function WritingPreferences() {
  const [sendWith, setSendWith] = usePreference("sendWith");
  const [writesOnOpen, setWritesOnOpen] = usePreference("writesOnOpen");
  const [warns, setWarns] = usePreference("warnsInQuietHours");
  const modifier = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";
  return (
    <SettingsSection title="Writing" detail="Kept on this device.">
      <ChoiceGroup
        label="Send a text with"
        value={sendWith}
        onChange={setSendWith}
        choices={[
          { value: "enter", label: "Enter", hint: "Shift and Enter begins a new line." },
          {
            value: "mod_enter",
            label: `${modifier} and Enter`,
            hint: "Enter alone begins a new line.",
          },
        ]}
      />
      <SwitchField
        label="Begin to write when a conversation opens"
        detail="Off, the keys act on the list and the conversation until you press R."
        isOn={writesOnOpen}
        onChange={setWritesOnOpen}
      />
      <SwitchField
        label="Ask before a text at night"
        detail="When it is between 21:00 and 8:00 where the contact lives."
        isOn={warns}
        onChange={setWarns}
      />
    </SettingsSection>
  );
}
