import { Button, Stack } from "@chakra-ui/react";
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import * as z from "zod";
import { Notice } from "../../components/Notice.tsx";
import { TextField } from "../../components/TextField.tsx";
import { requestPasswordReset } from "../../session/session.ts";

const fields = z.object({ email: z.email("Enter an email address, such as ana@example.com.") });

/** Asks for a link to a new password; never tells whether the account exists. */
export function ForgotPasswordForm() {
  const [outcome, setOutcome] = useState<{ failure: string | null } | null>(null);
  const form = useForm({ resolver: zodResolver(fields), defaultValues: { email: "" } });
  const submit = form.handleSubmit(async ({ email }) => {
    setOutcome({ failure: await requestPasswordReset(email) });
  });
  if (outcome?.failure === null)
    return (
      <Notice kind="info">
        If there is an account, a mail is on its way; without a mail server the link is printed by
        the server.
      </Notice>
    );
  const { errors, isSubmitting } = form.formState;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="4">
        {outcome?.failure && <Notice kind="error">{outcome.failure}</Notice>}
        <TextField
          label="Email"
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          error={errors.email?.message}
          {...form.register("email")}
        />
        <Button
          type="submit"
          colorPalette="accent"
          size="lg"
          loading={isSubmitting}
          loadingText="Sending…"
        >
          Send the link
        </Button>
      </Stack>
    </form>
  );
}
