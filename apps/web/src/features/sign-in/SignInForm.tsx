import { Button, Stack } from "@chakra-ui/react";
import { zodResolver } from "@hookform/resolvers/zod";
import { useState } from "react";
import { useForm } from "react-hook-form";
import * as z from "zod";
import { Notice } from "../../components/Notice.tsx";
import { PasswordField } from "../../components/PasswordField.tsx";
import { TextField } from "../../components/TextField.tsx";
import { signIn } from "../../session/session.ts";

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
  const [failure, setFailure] = useState<string | null>(null);
  const form = useForm({
    resolver: zodResolver(fields),
    defaultValues: { email: email ?? "", password: "" },
  });
  const submit = form.handleSubmit(async (values) => {
    const reason = await signIn(values.email, values.password);
    setFailure(reason);
    if (reason === null) onDone?.();
  });
  const { errors, isSubmitting } = form.formState;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="4">
        {failure && <Notice kind="error">{failure}</Notice>}
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
        <Button
          type="submit"
          colorPalette="accent"
          size="lg"
          loading={isSubmitting}
          loadingText="Signing in…"
        >
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
