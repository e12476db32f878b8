import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import * as z from "zod";
import { PasswordField } from "../../components/PasswordField.tsx";
import { TextField } from "../../components/TextField.tsx";
import { signIn } from "../../session/session.ts";
import { AuthForm } from "./AuthForm.tsx";

const fields = z.object({
  email: z.email("Enter an email address, such as ana@example.com."),
  password: z.string().min(1, "Enter your password."),
});

interface SignInFormProps {
  email?: string | null;
  onDone?: () => void;
}

/** Signs a person in; the page learns of it from the session. */
export function SignInForm({ email, onDone }: SignInFormProps) {
  const form = useForm({
    resolver: zodResolver(fields),
    defaultValues: { email: email ?? "", password: "" },
  });
  const { errors, isSubmitting } = form.formState;
  return (
    <AuthForm
      handleSubmit={form.handleSubmit}
      isSubmitting={isSubmitting}
      action={({ email: address, password }) => signIn(address, password)}
      onDone={onDone}
      submitLabel="Sign in"
      busyLabel="Signing in…"
    >
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
        autoComplete="current-password"
        error={errors.password?.message}
        {...form.register("password")}
      />
    </AuthForm>
  );
}
