import { Button, Stack } from "@chakra-ui/react";
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import * as z from "zod";
import { Notice } from "../../components/Notice.tsx";
import { PasswordField } from "../../components/PasswordField.tsx";
import { changePassword } from "../../session/session.ts";
import { newPassword } from "./new-password.ts";

const fields = z.object({ password: newPassword });

/** Gives the signed-in person a new password. */
export function ResetPasswordForm({ onDone }: { onDone: () => void }) {
  const [failure, setFailure] = useState<string | null>(null);
  const form = useForm({ resolver: zodResolver(fields), defaultValues: { password: "" } });
  const submit = form.handleSubmit(async ({ password }) => {
    const reason = await changePassword(password);
    setFailure(reason);
    if (reason === null) onDone();
  });
  const { errors, isSubmitting } = form.formState;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="4">
        {failure && <Notice kind="error">{failure}</Notice>}
        <PasswordField
          label="New password"
          autoComplete="new-password"
          help="At least 8 characters."
          error={errors.password?.message}
          {...form.register("password")}
        />
        <Button
          type="submit"
          colorPalette="accent"
          size="lg"
          loading={isSubmitting}
          loadingText="Saving…"
        >
          Save and continue
        </Button>
      </Stack>
    </form>
  );
}
