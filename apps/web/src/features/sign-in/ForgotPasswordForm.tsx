import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import * as z from "zod";
import { Notice } from "../../components/Notice.tsx";
import { TextField } from "../../components/TextField.tsx";
import { requestPasswordReset } from "../../session/session.ts";
import { AuthForm } from "./AuthForm.tsx";

const fields = z.object({ email: z.email("Enter an email address, such as ana@example.com.") });

/** Asks for a link to a new password; never tells whether the account exists. */
export function ForgotPasswordForm() {
  const [isSent, setIsSent] = useState(false);
  const form = useForm({ resolver: zodResolver(fields), defaultValues: { email: "" } });
  if (isSent)
    return (
      <Notice kind="info">
        If there is an account, a mail is on its way; without a mail server the link is printed by
        the server.
      </Notice>
    );
  const { errors, isSubmitting } = form.formState;
  return (
    <AuthForm
      handleSubmit={form.handleSubmit}
      isSubmitting={isSubmitting}
      action={(values) => requestPasswordReset(values.email)}
      onDone={() => setIsSent(true)}
      submitLabel="Send the link"
      busyLabel="Sending…"
    >
      <TextField
        label="Email"
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        error={errors.email?.message}
        {...form.register("email")}
      />
    </AuthForm>
  );
}
