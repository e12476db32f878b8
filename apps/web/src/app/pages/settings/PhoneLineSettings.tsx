import { Button, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { Notice } from "../../../components/Notice.tsx";
import { PageSpinner } from "../../../components/PageSpinner.tsx";
import { SettingsSection } from "../../../features/settings/SettingsSection.tsx";
import { ConnectTwilio } from "../../../features/twilio/ConnectTwilio.tsx";
import { TwilioStatus } from "../../../features/twilio/TwilioStatus.tsx";
import { twilioConfigQuery } from "../../../features/twilio/twilio-queries.ts";
import { UseSimulator } from "../../../features/twilio/UseSimulator.tsx";
import { useWorkspace } from "../../../session/use-session.ts";
import { configQuery } from "../../config-query.ts";

/** The line that the workspace's texts come and go by. */
export function PhoneLineSettings() {
  const workspace = useWorkspace();
  const mayManage = workspace.role !== "agent";
  const isSimulatorOn = useQuery(configQuery).data?.isSimulatorOn ?? false;
  const query = useQuery(twilioConfigQuery(workspace.id));
  const [isReconnecting, setIsReconnecting] = useState(false);
  if (query.isPending) return <PageSpinner />;
  if (query.isError)
    return (
      <Stack align="start">
        <Notice kind="error">{query.error.message}</Notice>
        <Button variant="outline" onClick={() => void query.refetch()}>
          Try again
        </Button>
      </Stack>
    );
  const config = query.data;
  const showsForm = mayManage && (!config.isConfigured || isReconnecting);
  return (
    <>
      <SettingsSection
        title="Phone line"
        detail={
          config.isConfigured ? "Where this workspace's texts come from." : "Nothing is connected."
        }
      >
        {config.isConfigured ? (
          <TwilioStatus
            workspaceId={workspace.id}
            config={config}
            mayManage={mayManage}
            action={
              <>
                {config.isSimulated && (
                  <Button asChild variant="outline">
                    <Link to={`/w/${workspace.id}/simulator`}>Open the simulator</Link>
                  </Button>
                )}
                {!isReconnecting && (
                  <Button variant="outline" onClick={() => setIsReconnecting(true)}>
                    {config.isSimulated ? "Connect Twilio" : "Connect again"}
                  </Button>
                )}
              </>
            }
          />
        ) : (
          <Text color="fg.muted">
            {mayManage
              ? "Connect one below to send and receive texts."
              : "An admin can connect one."}
          </Text>
        )}
      </SettingsSection>
      {showsForm && (
        <SettingsSection
          title="Twilio"
          detail="The credentials are checked before anything changes."
        >
          <ConnectTwilio workspaceId={workspace.id} onConnected={() => setIsReconnecting(false)} />
          {isReconnecting && (
            <Button variant="ghost" alignSelf="start" onClick={() => setIsReconnecting(false)}>
              Keep the connection as it is
            </Button>
          )}
        </SettingsSection>
      )}
      {showsForm && isSimulatorOn && !config.isSimulated && (
        <SettingsSection title="Simulator">
          <UseSimulator workspaceId={workspace.id} onConnected={() => setIsReconnecting(false)} />
        </SettingsSection>
      )}
    </>
  );
}
