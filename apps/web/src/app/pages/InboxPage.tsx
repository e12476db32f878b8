import { Flex, HStack, Text } from "@chakra-ui/react";
import { TextLink } from "../../components/TextLink.tsx";
import { LiveChat } from "../../features/livechat/LiveChat.tsx";
import { useWorkspace } from "../../session/use-session.ts";

/** The inbox, in all the height that the frame leaves. */
export function InboxPage() {
  const workspace = useWorkspace();
  return (
    <Flex direction="column" height="100%" minHeight="0">
      {!workspace.twilioConnected && (
        <HStack
          role="status"
          justify="center"
          gap="2"
          flexWrap="wrap"
          flexShrink="0"
          paddingX="4"
          paddingY="2"
          bg="accent.subtle"
          borderBottomWidth="1px"
          borderColor="hairline"
        >
          <Text>No phone line is connected yet.</Text>
          {workspace.role === "agent" ? (
            <Text color="fg.muted">An admin can connect one.</Text>
          ) : (
            <TextLink to={`/w/${workspace.id}/connect`}>Connect one</TextLink>
          )}
        </HStack>
      )}
      <Flex direction="column" flex="1" minHeight="0" minWidth="0" position="relative">
        <LiveChat key={workspace.id} />
      </Flex>
    </Flex>
  );
}
