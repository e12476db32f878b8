import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import * as z from "zod";
import { PasswordField } from "../../components/PasswordField.tsx";
import { TextField } from "../../components/TextField.tsx";
import { signUp } from "../../session/session.ts";
import { AuthForm } from "./AuthForm.tsx";
import { newPassword } from "./new-password.ts";

const fields = z.object({
  displayName: z.string().trim().min(1, "Enter your name.").max(200, "That name is too long."),
  email: z.email("Enter an email address, such as ana@example.com."),
  password: newPassword,
});

interface SignUpFormProps {
  email?: string | null;
  inviteToken?: string;
  submitLabel?: string;
  onDone?: () => void;
}

/** Makes an account and signs its person in. */
export function SignUpForm({
  email,
  inviteToken,
  submitLabel = "Create account",
  onDone,
}: SignUpFormProps) {
  const form = useForm({
    resolver: zodResolver(fields),
    defaultValues: { displayName: "", email: email ?? "", password: "" },
  });
  const { errors, isSubmitting } = form.formState;
  return (
    <AuthForm
      handleSubmit={form.handleSubmit}
      isSubmitting={isSubmitting}
      action={(values) => signUp({ ...values, inviteToken })}
      onDone={onDone}
      submitLabel={submitLabel}
      busyLabel="Creating…"
    >
      <TextField
        label="Your name"
        autoComplete="name"
        error={errors.displayName?.message}
        {...form.register("displayName")}
      />
      <TextField
        label="Email"
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        error={errors.email?.message}
        {...form.register("email")}
      />
      <PasswordField
        label="Password"
        autoComplete="new-password"
        help="At least 8 characters."
        error={errors.password?.message}
        {...form.register("password")}
      />
    </AuthForm>
  );
}
