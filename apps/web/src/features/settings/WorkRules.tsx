import { Text } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { apiRequest } from "../../api/client.ts";
import { Notice } from "../../components/Notice.tsx";
import { SwitchField } from "../../components/SwitchField.tsx";
import { usePreference } from "../../preferences/use-preference.ts";
import { meQuery, useWorkspace } from "../../session/use-session.ts";
import { SettingsSection } from "./SettingsSection.tsx";

/** How conversations are worked through: the team's rule, and this device's habit. */
export function WorkRules() {
  const workspace = useWorkspace();
  const queries = useQueryClient();
  const [opensNext, setOpensNext] = usePreference("opensNext");
  const save = useMutation({
    mutationFn: (autoClaim: boolean) =>
      apiRequest({
        method: "PATCH",
        path: `/api/workspaces/${workspace.id}`,
        body: { autoClaim },
      }),
    onSettled: () => queries.invalidateQueries(meQuery),
  });
  const isOn = save.isPending ? save.variables : workspace.autoClaim;
  return (
    <>
      <SettingsSection title="Assignment" detail="For everyone in the workspace.">
        {workspace.role === "agent" ? (
          <Text>
            {workspace.autoClaim
              ? "Whoever answers a conversation that is nobody’s takes it on."
              : "Answering a conversation assigns it to nobody."}
          </Text>
        ) : (
          <SwitchField
            label="Assign by answering"
            detail="Whoever answers a conversation that is nobody’s takes it on."
            isOn={isOn}
            onChange={(next) => save.mutate(next)}
          />
        )}
        {save.isError && <Notice kind="error">{save.error.message}</Notice>}
      </SettingsSection>
      <SettingsSection title="Going on" detail="Kept on this device.">
        <SwitchField
          label="Open the next conversation"
          detail="Once one is done, snoozed, blocked or deleted."
          isOn={opensNext}
          onChange={setOpensNext}
        />
      </SettingsSection>
    </>
  );
}
