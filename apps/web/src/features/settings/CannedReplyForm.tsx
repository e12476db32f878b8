import { Button, Field, Flex, Stack, Text, Textarea } from "@chakra-ui/react";
import {
  type CannedReply,
  listUnknownVariables,
  maxTextLength,
  saveCannedReplyRequest,
  textVariables,
} from "@livechat/shared";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { apiRequest } from "../../api/client.ts";
import { Notice } from "../../components/Notice.tsx";
import { TextField } from "../../components/TextField.tsx";
import { useUnsaved } from "../../components/unsaved.ts";

interface CannedReplyFormProps {
  path: string;
  method: "POST" | "PUT";
  reply?: CannedReply;
  onDone(): void;
}

/** Writes a canned reply, new or known. */
export function CannedReplyForm({ path, method, reply, onDone }: CannedReplyFormProps) {
  const [shortcut, setShortcut] = useState(reply?.shortcut ?? "");
  const [content, setContent] = useState(reply?.content ?? "");
  const field = useRef<HTMLTextAreaElement>(null);
  const save = useMutation({
    mutationFn: () => apiRequest({ method, path, body: { shortcut, content } }),
    onSuccess: onDone,
  });
  useUnsaved(shortcut !== (reply?.shortcut ?? "") || content !== (reply?.content ?? ""));
  const isValidShortcut = saveCannedReplyRequest.shape.shortcut.safeParse(shortcut).success;
  const unknown = listUnknownVariables(content);

  function insert(variable: string) {
    const area = field.current;
    const at = area?.selectionEnd ?? content.length;
    setContent(`${content.slice(0, at)}{{${variable}}}${content.slice(at)}`);
    area?.focus();
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isValidShortcut && content.trim() !== "") save.mutate();
  }

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="3">
        <TextField
          label="Shortcut"
          autoFocus
          autoComplete="off"
          maxLength={41}
          placeholder="hours"
          value={shortcut}
          onChange={(event) => setShortcut(event.target.value.replace(/^\//, ""))}
          error={
            shortcut !== "" && !isValidShortcut
              ? "One word of letters, digits, - and _."
              : undefined
          }
        />
        <Field.Root>
          <Field.Label>Text</Field.Label>
          <Textarea
            ref={field}
            dir="auto"
            rows={4}
            maxLength={maxTextLength}
            value={content}
            onChange={(event) => setContent(event.target.value)}
          />
        </Field.Root>
        <Flex wrap="wrap" gap="1.5" align="center">
          <Text color="fg.muted" fontSize="xs">
            Filled in when it is used:
          </Text>
          {textVariables.map((variable) => (
            <Button
              key={variable}
              size="2xs"
              variant="outline"
              borderRadius="full"
              aria-label={`Insert ${variable}`}
              onClick={() => insert(variable)}
            >
              {variable}
            </Button>
          ))}
        </Flex>
        <Text color="fg.muted" fontSize="xs">
          {"{{first_name|there}} says “there” where the name is not known."}
        </Text>
        {unknown.length > 0 && (
          <Notice kind="error">
            {`{{${unknown[0]}}} is no variable: a text with it can't be sent until it is replaced.`}
          </Notice>
        )}
        {save.isError && <Notice kind="error">{save.error.message}</Notice>}
        <Flex gap="2">
          <Button
            type="submit"
            colorPalette="accent"
            loading={save.isPending}
            disabled={!isValidShortcut || content.trim() === ""}
          >
            Save
          </Button>
          <Button variant="ghost" onClick={onDone}>
            Cancel
          </Button>
        </Flex>
      </Stack>
    </form>
  );
}
