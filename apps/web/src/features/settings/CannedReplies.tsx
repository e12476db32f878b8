import { Button, Flex, Stack, Text } from "@chakra-ui/react";
import type { CannedReply } from "@livechat/shared";
import { useState } from "react";
import { LuPlus } from "react-icons/lu";
import { apiRequest } from "../../api/client.ts";
import { toaster } from "../../components/toaster.tsx";
import { explainFailure, useInboxPart } from "../../realtime/use-inbox.tsx";
import { useWorkspace } from "../../session/use-session.ts";
import { CannedReplyForm } from "./CannedReplyForm.tsx";
import { SettingsSection } from "./SettingsSection.tsx";

const none: ReadonlyMap<string, CannedReply> = new Map();

/** The texts that the team keeps ready; what a colleague changes appears as it happens. */
export function CannedReplies() {
  const workspace = useWorkspace();
  const path = `/api/workspaces/${workspace.id}/canned-replies`;
  const isLoaded = useInboxPart((snapshot) => snapshot.inbox !== null);
  const replies = useInboxPart((snapshot) => snapshot.inbox?.cannedReplies) ?? none;
  const [openId, setOpenId] = useState<string | null>(null);
  const sorted = [...replies.values()].sort((a, b) => a.shortcut.localeCompare(b.shortcut));

  async function remove(reply: CannedReply) {
    try {
      await apiRequest({ method: "DELETE", path: `${path}/${reply.id}` });
    } catch (error) {
      toaster.create({ type: "error", title: explainFailure(error) });
      return;
    }
    const { shortcut, content } = reply;
    toaster.create({
      type: "success",
      title: `/${shortcut} is removed`,
      duration: 8000,
      closable: true,
      action: {
        label: "Undo",
        onClick: () => {
          apiRequest({ method: "POST", path, body: { shortcut, content } }).catch((error) =>
            toaster.create({ type: "error", title: explainFailure(error) }),
          );
        },
      },
    });
  }

  return (
    <SettingsSection
      title="Canned replies"
      detail="Write / in a conversation to use one. Everyone in the workspace has them."
    >
      {openId === "new" ? (
        <CannedReplyForm path={path} method="POST" onDone={() => setOpenId(null)} />
      ) : (
        <Button
          alignSelf="start"
          colorPalette="accent"
          variant={sorted.length === 0 ? "solid" : "outline"}
          onClick={() => setOpenId("new")}
        >
          <LuPlus aria-hidden="true" />
          Add a reply
        </Button>
      )}
      {isLoaded && sorted.length === 0 && openId !== "new" && (
        <Text color="fg.muted">
          None yet. Keep the answers that you write again and again, such as your opening hours.
        </Text>
      )}
      {sorted.length > 0 && (
        <Stack as="ul" gap="0" listStyleType="none" aria-label="Canned replies">
          {sorted.map((reply) => (
            <Stack
              as="li"
              key={reply.id}
              paddingY="3"
              borderTopWidth="1px"
              borderColor="hairline"
              gap="2"
            >
              {openId === reply.id ? (
                <CannedReplyForm
                  path={`${path}/${reply.id}`}
                  method="PUT"
                  reply={reply}
                  onDone={() => setOpenId(null)}
                />
              ) : (
                <Flex
                  direction={{ base: "column", sm: "row" }}
                  gap={{ base: "1", sm: "3" }}
                  align="flex-start"
                >
                  <Stack flex="1" minWidth="0" gap="0.5">
                    <Text fontWeight="semibold" color="accent.fg" wordBreak="break-word">
                      /{reply.shortcut}
                    </Text>
                    <Text
                      dir="auto"
                      color="fg.muted"
                      lineClamp={3}
                      whiteSpace="pre-wrap"
                      overflowWrap="anywhere"
                    >
                      {reply.content}
                    </Text>
                  </Stack>
                  <Flex gap="1" marginStart={{ base: "-3", sm: "0" }}>
                    <Button
                      size="sm"
                      variant="ghost"
                      aria-label={`Edit /${reply.shortcut}`}
                      onClick={() => setOpenId(reply.id)}
                    >
                      Edit
                    </Button>
                    <Button
                      size="sm"
                      variant="ghost"
                      aria-label={`Remove /${reply.shortcut}`}
                      onClick={() => void remove(reply)}
                    >
                      Remove
                    </Button>
                  </Flex>
                </Flex>
              )}
            </Stack>
          ))}
        </Stack>
      )}
    </SettingsSection>
  );
}
