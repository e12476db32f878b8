import { Text } from "@chakra-ui/react";
import { NameForm } from "../../../features/settings/NameForm.tsx";
import { roleNames } from "../../../features/settings/roles.ts";
import { SettingsSection } from "../../../features/settings/SettingsSection.tsx";
import { useWorkspace } from "../../../session/use-session.ts";

/** The workspace's own name, and what this person may do in it. */
export function WorkspaceSettings() {
  const workspace = useWorkspace();
  return (
    <SettingsSection title="Workspace">
      {workspace.role === "agent" ? (
        <Text>{workspace.name}</Text>
      ) : (
        <NameForm
          label="Name"
          name={workspace.name}
          path={`/api/workspaces/${workspace.id}`}
          field="name"
          autoComplete="organization"
        />
      )}
      <Text color="fg.muted">Your role here: {roleNames[workspace.role]}</Text>
    </SettingsSection>
  );
}
