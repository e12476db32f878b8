import { Box, Button, Stack } from "@chakra-ui/react";
import { zodResolver } from "@hookform/resolvers/zod";
import { workspace } from "@livechat/shared";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import * as z from "zod";
import { apiRequest } from "../../api/client.ts";
import { Notice } from "../../components/Notice.tsx";
import { TextField } from "../../components/TextField.tsx";
import { meQuery } from "../../session/use-session.ts";

const fields = z.object({
  name: z.string().trim().min(1, "Give it a name.").max(200, "That name is too long."),
});

/** Makes a workspace and tells its id. */
export function NameWorkspaceForm({ onCreated }: { onCreated: (workspaceId: string) => void }) {
  const queries = useQueryClient();
  const form = useForm({ resolver: zodResolver(fields), defaultValues: { name: "" } });
  const create = useMutation({
    mutationFn: async (body: z.infer<typeof fields>) => {
      const { id } = await apiRequest({
        method: "POST",
        path: "/api/workspaces",
        body,
        response: workspace,
      });
      await queries.fetchQuery({ ...meQuery, staleTime: 0 });
      return id;
    },
    onSuccess: onCreated,
  });
  return (
    <Box layerStyle="card" boxShadow="panel" padding={{ base: "5", md: "7" }}>
      <form onSubmit={form.handleSubmit((values) => create.mutate(values))} noValidate>
        <Stack gap="4">
          {create.isError && <Notice kind="error">{create.error.message}</Notice>}
          <TextField
            label="Name of the workspace"
            placeholder="Acme Support"
            autoComplete="organization"
            size="lg"
            help="Your team sees it. You can change it later."
            error={form.formState.errors.name?.message}
            {...form.register("name")}
          />
          <Button
            type="submit"
            colorPalette="accent"
            size="lg"
            loading={create.isPending}
            loadingText="Creating…"
          >
            Continue
          </Button>
        </Stack>
      </form>
    </Box>
  );
}
