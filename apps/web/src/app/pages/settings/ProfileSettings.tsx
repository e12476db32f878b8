import { Text } from "@chakra-ui/react";
import { NameForm } from "../../../features/settings/NameForm.tsx";
import { SettingsSection } from "../../../features/settings/SettingsSection.tsx";
import { useMe } from "../../../session/use-session.ts";

/** What the team knows of this person. */
export function ProfileSettings() {
  const me = useMe();
  return (
    <SettingsSection title="Profile" detail="Your team sees this name beside what you write.">
      <NameForm
        label="Your name"
        name={me.displayName}
        path="/api/me"
        field="displayName"
        autoComplete="name"
      />
      <Text color="fg.muted">{me.email}</Text>
    </SettingsSection>
  );
}
