import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import * as z from "zod";
import { PasswordField } from "../../components/PasswordField.tsx";
import { changePassword } from "../../session/session.ts";
import { AuthForm } from "./AuthForm.tsx";
import { newPassword } from "./new-password.ts";

const fields = z.object({ password: newPassword });

/** Gives the signed-in person a new password. */
export function ResetPasswordForm({ onDone }: { onDone: () => void }) {
  const form = useForm({ resolver: zodResolver(fields), defaultValues: { password: "" } });
  const { errors, isSubmitting } = form.formState;
  return (
    <AuthForm
      handleSubmit={form.handleSubmit}
      isSubmitting={isSubmitting}
      action={({ password }) => changePassword(password)}
      onDone={onDone}
      submitLabel="Save and continue"
      busyLabel="Saving…"
    >
      <PasswordField
        label="New password"
        autoComplete="new-password"
        help="At least 8 characters."
        error={errors.password?.message}
        {...form.register("password")}
      />
    </AuthForm>
  );
}
