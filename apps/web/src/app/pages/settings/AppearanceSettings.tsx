import { LuMonitor, LuMoon, LuSun } from "react-icons/lu";
import { ChoiceGroup } from "../../../components/ChoiceGroup.tsx";
import { useColourMode } from "../../../components/colour-mode.ts";
import { SettingsSection } from "../../../features/settings/SettingsSection.tsx";

/** How the product looks on this device. */
export function AppearanceSettings() {
  const [colourMode, chooseColourMode] = useColourMode();
  return (
    <SettingsSection title="Appearance" detail="Kept on this device.">
      <ChoiceGroup
        label="Colours"
        value={colourMode}
        onChange={chooseColourMode}
        choices={[
          { value: "system", label: "As the device", icon: LuMonitor },
          { value: "light", label: "Light", icon: LuSun },
          { value: "dark", label: "Dark", icon: LuMoon },
        ]}
      />
    </SettingsSection>
  );
}
