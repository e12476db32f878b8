import { Box, Button, chakra, Flex, Heading, Stack, Text } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, Navigate, NavLink, Route, Routes } from "react-router";
import { Notice } from "../../components/Notice.tsx";
import { PageSpinner } from "../../components/PageSpinner.tsx";
import { Invites } from "../../features/settings/Invites.tsx";
import { Members } from "../../features/settings/Members.tsx";
import { NameForm } from "../../features/settings/NameForm.tsx";
import { roleNames } from "../../features/settings/roles.ts";
import { SettingsSection } from "../../features/settings/SettingsSection.tsx";
import { ConnectTwilio } from "../../features/twilio/ConnectTwilio.tsx";
import { TwilioStatus } from "../../features/twilio/TwilioStatus.tsx";
import { twilioConfigQuery } from "../../features/twilio/twilio-queries.ts";
import { UseSimulator } from "../../features/twilio/UseSimulator.tsx";
import { useMe, useWorkspace } from "../../session/use-session.ts";
import { configQuery } from "../config-query.ts";
import { NotFoundPage } from "./NotFoundPage.tsx";

const sections = [
  { path: "workspace", label: "Workspace" },
  { path: "people", label: "People" },
  { path: "twilio", label: "Phone line" },
  { path: "profile", label: "Profile" },
];

/** The settings of the workspace and of the person. */
export function SettingsPage() {
  const workspace = useWorkspace();
  return (
    <Box height="100%" overflowY="auto" bg="bg.subtle">
      <Stack
        maxWidth="60rem"
        marginX="auto"
        paddingX={{ base: "4", md: "8" }}
        paddingY={{ base: "6", md: "10" }}
        gap="6"
      >
        <Stack gap="1">
          <Heading as="h1" size="3xl" letterSpacing="-0.025em">
            Settings
          </Heading>
          <Text color="fg.muted">
            {workspace.name}
            {workspace.role === "agent" && " · You can look; admins can change things."}
          </Text>
        </Stack>
        <Flex direction={{ base: "column", md: "row" }} gap={{ base: "5", md: "8" }}>
          <Flex
            as="nav"
            aria-label="Settings"
            direction={{ base: "row", md: "column" }}
            gap="1"
            width={{ md: "11rem" }}
            flexShrink="0"
            overflowX="auto"
          >
            {sections.map(({ path, label }) => (
              <NavLink key={path} to={`/w/${workspace.id}/settings/${path}`}>
                {({ isActive }) => (
                  <chakra.span
                    display="block"
                    paddingX="3"
                    paddingY="2"
                    borderRadius="9px"
                    whiteSpace="nowrap"
                    fontWeight={isActive ? "semibold" : "normal"}
                    bg={isActive ? "bg.emphasized" : "transparent"}
                    _hover={{ bg: isActive ? undefined : "sidebar.hover" }}
                  >
                    {label}
                  </chakra.span>
                )}
              </NavLink>
            ))}
          </Flex>
          <Stack flex="1" minWidth="0" gap="8" maxWidth="42rem">
            <Routes>
              <Route index element={<Navigate to="workspace" replace />} />
              <Route path="workspace" element={<WorkspaceSettings key={workspace.id} />} />
              <Route path="people" element={<PeopleSettings />} />
              <Route path="members" element={<Navigate to="../people" replace />} />
              <Route path="twilio" element={<TwilioSettings key={workspace.id} />} />
              <Route path="profile" element={<ProfileSettings />} />
              <Route path="*" element={<NotFoundPage />} />
            </Routes>
          </Stack>
        </Flex>
      </Stack>
    </Box>
  );
}

function WorkspaceSettings() {
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

function PeopleSettings() {
  const workspace = useWorkspace();
  return (
    <>
      <Members key={workspace.id} />
      {workspace.role !== "agent" && <Invites key={`${workspace.id} invites`} />}
    </>
  );
}

function TwilioSettings() {
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

function ProfileSettings() {
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
