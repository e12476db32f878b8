import { Button, Flex } from "@chakra-ui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { apiRequest } from "../../api/client.ts";
import { Notice } from "../../components/Notice.tsx";
import { TextField } from "../../components/TextField.tsx";
import { toaster } from "../../components/toaster.tsx";
import { useUnsaved } from "../../components/unsaved.ts";
import { meQuery } from "../../session/use-session.ts";

interface NameFormProps {
  label: string;
  name: string;
  path: string;
  /** What the request calls it. */
  field: "name" | "displayName";
  autoComplete: string;
}

/** Changes the one name behind a path. */
export function NameForm({ label, name, path, field, autoComplete }: NameFormProps) {
  const queries = useQueryClient();
  const [text, setText] = useState(name);
  const save = useMutation({
    mutationFn: () => apiRequest({ method: "PATCH", path, body: { [field]: text.trim() } }),
    onSuccess: async () => {
      await queries.invalidateQueries(meQuery);
      toaster.create({ type: "success", title: "Saved." });
    },
  });
  const isEmpty = text.trim() === "";
  useUnsaved(text.trim() !== name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isEmpty) save.mutate();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Flex
        gap="3"
        align={{ base: "stretch", sm: "flex-start" }}
        direction={{ base: "column", sm: "row" }}
      >
        <TextField
          label={label}
          value={text}
          maxLength={200}
          autoComplete={autoComplete}
          error={isEmpty ? "Enter a name." : undefined}
          onChange={(event) => setText(event.target.value)}
        />
        <Button
          type="submit"
          colorPalette="accent"
          marginTop={{ base: "0", sm: "26px" }}
          loading={save.isPending}
          disabled={isEmpty || text.trim() === name}
        >
          Save
        </Button>
      </Flex>
      {save.isError && <Notice kind="error">{save.error.message}</Notice>}
    </form>
  );
}
