import { Button, Stack } from "@chakra-ui/react";
import { type ReactNode, useState } from "react";
import type { FieldValues, UseFormHandleSubmit } from "react-hook-form";
import { Notice } from "../../components/Notice.tsx";

interface AuthFormProps<T extends FieldValues> {
  handleSubmit: UseFormHandleSubmit<T, T>;
  isSubmitting: boolean;
  /** Does what the form is for; resolves with what went wrong, or null. */
  action(values: T): Promise<string | null>;
  onDone?: (() => void) | undefined;
  submitLabel: string;
  busyLabel: string;
  /** The fields. */
  children: ReactNode;
}

/** What the forms of signing in share: one button, and above the fields why it failed last. */
export function AuthForm<T extends FieldValues>({
  handleSubmit,
  isSubmitting,
  action,
  onDone,
  submitLabel,
  busyLabel,
  children,
}: AuthFormProps<T>) {
  const [failure, setFailure] = useState<string | null>(null);
  const submit = handleSubmit(async (values) => {
    const reason = await action(values);
    setFailure(reason);
    if (reason === null) onDone?.();
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="4">
        {failure && <Notice kind="error">{failure}</Notice>}
        {children}
        <Button
          type="submit"
          colorPalette="accent"
          size="lg"
          loading={isSubmitting}
          loadingText={busyLabel}
        >
          {submitLabel}
        </Button>
      </Stack>
    </form>
  );
}
