import { SwitchField } from "../../components/SwitchField.tsx";
import { ShortcutTable } from "../../components/shortcuts/ShortcutTable.tsx";
import { usePreference } from "../../preferences/use-preference.ts";
import { SettingsSection } from "./SettingsSection.tsx";

/** The shortcuts of this browser. */
export function KeyboardPreferences() {
  const [isOn, setIsOn] = usePreference("singleKeyShortcuts");
  return (
    <SettingsSection title="Keyboard" detail="Kept on this device.">
      <SwitchField
        label="Shortcuts of a single key"
        detail="Off, only combinations with ⌘ or Ctrl work: nothing that may type a character."
        isOn={isOn}
        onChange={setIsOn}
      />
      <ShortcutTable showsCharacterKeys={isOn} />
    </SettingsSection>
  );
}
