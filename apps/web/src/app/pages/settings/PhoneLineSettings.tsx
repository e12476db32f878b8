import { Button, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { Link } from "react-router";
import { twilioConfigQuery } from "../../../api/twilio-queries.ts";
import { Notice } from "../../../components/Notice.tsx";
import { PageSpinner } from "../../../components/PageSpinner.tsx";
import { SettingsSection } from "../../../features/settings/SettingsSection.tsx";
import { ConnectTwilio } from "../../../features/twilio/ConnectTwilio.tsx";
import { Doctor } from "../../../features/twilio/Doctor.tsx";
import { NextToken } from "../../../features/twilio/NextToken.tsx";
import { TwilioStatus } from "../../../features/twilio/TwilioStatus.tsx";
import { UseSimulator } from "../../../features/twilio/UseSimulator.tsx";
import { WebhookCarrier } from "../../../features/twilio/WebhookCarrier.tsx";
import { useInboxPart } from "../../../realtime/use-inbox.tsx";
import { useWorkspace } from "../../../session/use-session.ts";
import { configQuery } from "../../config-query.ts";

/** The line that the workspace's texts come and go by. */
export function PhoneLineSettings() {
  const workspace = useWorkspace();
  const mayManage = workspace.role !== "agent";
  const isSimulatorOn = useQuery(configQuery).data?.isSimulatorOn ?? false;
  const query = useQuery(twilioConfigQuery(workspace.id));
  const changedAt = useInboxPart(({ inbox }) => inbox?.line?.changedAt ?? null);
  const [isReconnecting, setIsReconnecting] = useState(false);
  const form = useRef<HTMLDivElement>(null);
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
          <div ref={form} />
          <ConnectTwilio
            workspaceId={workspace.id}
            accountSid={config.isSimulated ? null : config.accountSid}
            onConnected={() => setIsReconnecting(false)}
          />
          {isReconnecting && (
            <Button variant="ghost" alignSelf="start" onClick={() => setIsReconnecting(false)}>
              Keep the connection as it is
            </Button>
          )}
        </SettingsSection>
      )}
      {mayManage && config.isConfigured && (
        <SettingsSection title="Doctor" detail="Looks at the account, its numbers and this server.">
          <Doctor
            workspaceId={workspace.id}
            changedAt={changedAt}
            onReconnect={() => {
              setIsReconnecting(true);
              requestAnimationFrame(() => form.current?.scrollIntoView({ block: "center" }));
            }}
          />
        </SettingsSection>
      )}
      {mayManage && config.isConfigured && !config.isSimulated && (
        <>
          <SettingsSection
            title="Webhooks"
            detail="Where Twilio posts the texts that come in. The difference is shown before anything is set."
          >
            <WebhookCarrier workspaceId={workspace.id} webhookType={config.webhookType} />
          </SettingsSection>
          <SettingsSection
            title="A new Auth Token"
            detail="Replaces the current one without a gap."
          >
            <NextToken workspaceId={workspace.id} last4={config.nextAuthTokenLast4} />
          </SettingsSection>
        </>
      )}
      {showsForm && isSimulatorOn && !config.isSimulated && (
        <SettingsSection title="Simulator">
          <UseSimulator workspaceId={workspace.id} onConnected={() => setIsReconnecting(false)} />
        </SettingsSection>
      )}
    </>
  );
}
