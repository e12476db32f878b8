import { Box } from "@chakra-ui/react";
import { useState } from "react";
import { LuTriangleAlert } from "react-icons/lu";
import { TextLink } from "../components/TextLink.tsx";
import { explainFailure, useInbox, useInboxPart } from "../realtime/use-inbox.tsx";
import { useWorkspace } from "../session/use-session.ts";
import { Banner, BannerButton } from "./Banner.tsx";

/** Says that nothing is sent, because Twilio refuses the account, and lets people try again. */
export function SendingBanner() {
  const { api } = useInbox().store;
  const workspace = useWorkspace();
  const sending = useInboxPart((snapshot) => snapshot.inbox?.sending);
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  async function tryNow() {
    setIsBusy(true);
    setFailure(null);
    try {
      await api.resumeSending();
    } catch (error) {
      setFailure(explainFailure(error));
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <Box role="status" flexShrink="0">
      {sending?.pausedAt && (
        <Banner tone="alert">
          <LuTriangleAlert aria-hidden="true" />
          <span>
            Texts wait, and none is lost: {sending.pauseReason ?? "Twilio refuses the account."}
            {sending.pauseCode !== null && ` (error ${sending.pauseCode})`}
          </span>
          <BannerButton
            type="button"
            color="inherit"
            textDecoration="underline"
            disabled={isBusy}
            onClick={() => void tryNow()}
          >
            Try now
          </BannerButton>
          {workspace.role === "agent" ? (
            <span>An admin can mend it in the settings.</span>
          ) : (
            <TextLink to={`/w/${workspace.id}/settings/twilio`}>Check the phone line</TextLink>
          )}
          {failure && <span role="alert">{failure}</span>}
        </Banner>
      )}
    </Box>
  );
}
