import { Menu, Portal } from "@chakra-ui/react";
import type { Message } from "@livechat/shared";
import { Suspense, useRef, useState } from "react";
import { LuClock, LuCopy, LuInfo, LuLink } from "react-icons/lu";
import { late } from "../../components/late.tsx";
import { toaster } from "../../components/toaster.tsx";
import { formatMoment } from "./format-time.ts";

const MessageDetails = late(async () => (await import("./MessageDetails.tsx")).default);

interface MessageMenuProps {
  message: Message;
  anchor: DOMRect;
  onClose(): void;
}

/** What can be done with one text of a thread. One menu serves all of them. */
export default function MessageMenu({ message, anchor, onClose }: MessageMenuProps) {
  const [showsDetails, setShowsDetails] = useState(false);
  const isOpeningDetails = useRef(false);

  async function copy(text: string, done: string) {
    try {
      await navigator.clipboard.writeText(text);
      toaster.create({ type: "success", title: done, duration: 2000 });
    } catch {
      toaster.create({ type: "error", title: "This browser did not allow it to be copied." });
    }
  }
  const link = `${location.origin}/w/${message.workspaceId}/c/${message.contactId}?m=${message.id}`;
  if (showsDetails) {
    return (
      <Suspense>
        <MessageDetails message={message} onClose={onClose} />
      </Suspense>
    );
  }
  return (
    <Menu.Root
      open
      onOpenChange={({ open }) => !open && !isOpeningDetails.current && onClose()}
      positioning={{ getAnchorRect: () => anchor, placement: "bottom-start" }}
      onSelect={({ value }) => {
        if (value === "text") void copy(message.content, "Text copied");
        else if (value === "link") void copy(link, "Link copied");
        else if (value === "details") {
          isOpeningDetails.current = true;
          setShowsDetails(true);
        } else void copy(formatMoment(message.createdAt), "Time copied");
      }}
    >
      <Portal>
        <Menu.Positioner>
          <Menu.Content aria-label="Message" minWidth="13rem">
            {message.content !== "" && (
              <Menu.Item value="text">
                <LuCopy aria-hidden="true" />
                Copy text
              </Menu.Item>
            )}
            <Menu.Item value="link">
              <LuLink aria-hidden="true" />
              Copy link to message
            </Menu.Item>
            <Menu.Item value="details">
              <LuInfo aria-hidden="true" />
              Details
            </Menu.Item>
            <Menu.Separator />
            <Menu.Item value="time" color="fg.muted">
              <LuClock aria-hidden="true" />
              {formatMoment(message.createdAt)}
            </Menu.Item>
          </Menu.Content>
        </Menu.Positioner>
      </Portal>
    </Menu.Root>
  );
}
