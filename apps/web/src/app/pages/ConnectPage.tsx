import { Box, Heading, SimpleGrid, Stack } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useNavigate, useParams } from "react-router";
import { ErrorState } from "../../components/ErrorState.tsx";
import { TextLink } from "../../components/TextLink.tsx";
import { SetupLayout } from "../../features/onboarding/SetupLayout.tsx";
import { ConnectTwilio } from "../../features/twilio/ConnectTwilio.tsx";
import { UseSimulator } from "../../features/twilio/UseSimulator.tsx";
import { useMe } from "../../session/use-session.ts";
import { configQuery } from "../config-query.ts";
import { NotFoundPage } from "./NotFoundPage.tsx";

/** The last step of the first set-up: a phone line, real or simulated. */
export function ConnectPage() {
  const { workspaceId } = useParams();
  const workspace = useMe().workspaces.find(({ id }) => id === workspaceId);
  const navigate = useNavigate();
  const isSimulatorOn = useQuery(configQuery).data?.isSimulatorOn ?? false;
  if (!workspace) return <NotFoundPage />;
  const inbox = `/w/${workspace.id}`;
  if (workspace.role === "agent")
    return (
      <ErrorState
        title="An admin connects the phone line"
        detail="Ask an admin or the owner of this workspace."
      >
        <TextLink to={inbox}>Go to the inbox</TextLink>
      </ErrorState>
    );
  const finish = () => navigate(inbox, { replace: true });
  return (
    <SetupLayout
      step="connect"
      title="Connect a phone line"
      subtitle={`Texts to it arrive in ${workspace.name}.`}
      isWide={isSimulatorOn}
      footer={<TextLink to={inbox}>Do this later</TextLink>}
    >
      <SimpleGrid columns={{ base: 1, md: isSimulatorOn ? 2 : 1 }} gap="4">
        {isSimulatorOn && (
          <Choice title="Try it out">
            <UseSimulator workspaceId={workspace.id} onConnected={finish} />
          </Choice>
        )}
        <Choice title="Twilio">
          <ConnectTwilio workspaceId={workspace.id} onConnected={finish} />
        </Choice>
      </SimpleGrid>
    </SetupLayout>
  );
}

function Choice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Box as="section" layerStyle="card" boxShadow="panel" padding={{ base: "5", md: "6" }}>
      <Stack gap="3">
        <Heading as="h2" size="lg">
          {title}
        </Heading>
        {children}
      </Stack>
    </Box>
  );
}
