import { Box, Button, chakra, Flex, IconButton, Menu, Portal, SimpleGrid } from "@chakra-ui/react";
import { maxTextLength, type TextFromPhoneRequest } from "@livechat/shared";
import { useMutation } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { LuArrowUp, LuImagePlus, LuSmile, LuX } from "react-icons/lu";
import { toaster } from "../../components/toaster.tsx";

type Content = Pick<TextFromPhoneRequest, "body" | "media">;
interface Attachment {
  contentType: string;
  base64: string;
}

interface PhoneComposerProps {
  isReady: boolean;
  onSend: (content: Content) => Promise<void>;
}

const keywords = ["STOP", "START", "HELP"];
const emoji = [
  ..."😀😂🥰😍👍🙏🎉❤️🔥😢😡🤔👋✅🍕☕".matchAll(/\p{Extended_Pictographic}\uFE0F?/gu),
].map(([character]) => character);
/** The most that a phone's network carries. */
const maxPictureBytes = 5 * 1024 * 1024;

/** Writes a text on the phone: words, a picture, emoji, or a keyword at one tap. */
export function PhoneComposer({ isReady, onSend }: PhoneComposerProps) {
  const [text, setText] = useState("");
  const [picture, setPicture] = useState<Attachment | null>(null);
  const input = useRef<HTMLTextAreaElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const send = useMutation({
    mutationFn: onSend,
    onError: (error) => toaster.create({ type: "error", title: error.message }),
  });
  const canSend = isReady && !send.isPending && (text.trim() !== "" || picture !== null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the field grows with its text.
  useEffect(() => {
    const field = input.current;
    if (!field) return;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 120)}px`;
  }, [text]);

  const submit = () => {
    if (!canSend) return;
    const written = text;
    send.mutate(
      { body: written, media: picture ? [picture] : [] },
      {
        onSuccess: () => {
          setText((current) => (current === written ? "" : current));
          setPicture(null);
        },
      },
    );
  };
  const pressKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  const attach = async (chosen: File | undefined) => {
    if (!chosen) return;
    if (chosen.size > maxPictureBytes) {
      toaster.create({ type: "error", title: "Phones send pictures of up to 5 MB." });
      return;
    }
    setPicture({ contentType: chosen.type, base64: await readBase64(chosen) });
    input.current?.focus();
  };
  return (
    <Box flexShrink="0" paddingX="2.5" paddingTop="1.5" paddingBottom="1">
      <Flex gap="1.5" paddingBottom="2" justify="center">
        {keywords.map((keyword) => (
          <Button
            key={keyword}
            size="2xs"
            variant="surface"
            borderRadius="full"
            paddingX="3"
            height="26px"
            disabled={!isReady || send.isPending}
            onClick={() => send.mutate({ body: keyword, media: [] })}
          >
            {keyword}
          </Button>
        ))}
      </Flex>
      {picture && (
        <Box position="relative" width="fit-content" margin="1">
          <chakra.img
            src={`data:${picture.contentType};base64,${picture.base64}`}
            alt="Goes with the next text"
            maxHeight="96px"
            maxWidth="160px"
            borderRadius="12px"
          />
          <IconButton
            aria-label="Take the picture off"
            size="2xs"
            position="absolute"
            top="-2"
            right="-2"
            borderRadius="full"
            onClick={() => setPicture(null)}
          >
            <LuX />
          </IconButton>
        </Box>
      )}
      <Flex align="flex-end" gap="0.5">
        <chakra.input
          ref={file}
          type="file"
          accept="image/jpeg,image/png,image/gif"
          aria-label="Picture to attach"
          tabIndex={-1}
          srOnly
          onChange={(event) => {
            void attach(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
        <IconButton
          aria-label="Attach a picture"
          size="sm"
          variant="ghost"
          borderRadius="full"
          color="fg.muted"
          onClick={() => file.current?.click()}
        >
          <LuImagePlus />
        </IconButton>
        <EmojiMenu
          onPick={(character) => {
            setText((current) => current + character);
            input.current?.focus();
          }}
        />
        <Flex
          flex="1"
          minWidth="0"
          align="flex-end"
          borderWidth="1px"
          borderColor="border.emphasized"
          borderRadius="20px"
          padding="3px"
          _focusWithin={{ borderColor: "accent.focusRing" }}
        >
          <chakra.textarea
            ref={input}
            rows={1}
            flex="1"
            minWidth="0"
            resize="none"
            bg="transparent"
            outline="none"
            paddingX="2.5"
            paddingY="4px"
            fontSize="16px"
            lineHeight="1.3"
            maxLength={maxTextLength}
            placeholder="Text Message"
            aria-label="Text from this phone"
            _placeholder={{ color: "fg.subtle" }}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={pressKey}
          />
          <IconButton
            aria-label="Send"
            size="2xs"
            boxSize="28px"
            minWidth="28px"
            borderRadius="full"
            bg="bubble.sms"
            color="bubble.outFg"
            disabled={!canSend}
            loading={send.isPending}
            onClick={submit}
          >
            <LuArrowUp strokeWidth={3} />
          </IconButton>
        </Flex>
      </Flex>
    </Box>
  );
}

function EmojiMenu({ onPick }: { onPick: (character: string) => void }) {
  return (
    <Menu.Root
      lazyMount
      unmountOnExit
      positioning={{ placement: "top-start" }}
      onSelect={({ value }) => onPick(value)}
    >
      <Menu.Trigger asChild>
        <IconButton
          aria-label="Emoji"
          size="sm"
          variant="ghost"
          borderRadius="full"
          color="fg.muted"
        >
          <LuSmile />
        </IconButton>
      </Menu.Trigger>
      <Portal>
        <Menu.Positioner>
          <Menu.Content minWidth="0" borderRadius="12px">
            <SimpleGrid columns={8} gap="0">
              {emoji.map((character) => (
                <Menu.Item key={character} value={character} padding="1.5" fontSize="20px">
                  {character}
                </Menu.Item>
              ))}
            </SimpleGrid>
          </Menu.Content>
        </Menu.Positioner>
      </Portal>
    </Menu.Root>
  );
}

function readBase64(chosen: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onerror = () => reject(new Error("The picture could not be read."));
    reader.onload = () => resolve(String(reader.result).replace(/^data:[^,]*,/, ""));
    reader.readAsDataURL(chosen);
  });
}
