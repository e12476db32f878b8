import { Text } from "@chakra-ui/react";
import { LuMonitor, LuMoon, LuRows2, LuRows4, LuSun } from "react-icons/lu";
import { ChoiceGroup } from "../../../components/ChoiceGroup.tsx";
import { useColourMode } from "../../../components/colour-mode.ts";
import { SettingsSection } from "../../../features/settings/SettingsSection.tsx";
import { usePreference } from "../../../preferences/use-preference.ts";

/** How the product looks on this device. */
export function AppearanceSettings() {
  const [colourMode, chooseColourMode] = useColourMode();
  const [density, setDensity] = usePreference("density");
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
      <ChoiceGroup
        label="Density"
        value={density}
        onChange={setDensity}
        choices={[
          { value: "comfortable", label: "Comfortable", icon: LuRows2 },
          { value: "compact", label: "Compact", icon: LuRows4, hint: "More rows at a glance" },
        ]}
      />
      <Text color="fg.muted">Motion and contrast follow what your device is set to.</Text>
    </SettingsSection>
  );
}
