import { Button, Dialog, Portal, Stack, Text } from "@chakra-ui/react";
import { type FormEvent, useRef, useState } from "react";
import { ModalRoot } from "../components/ModalRoot.tsx";
import { Notice } from "../components/Notice.tsx";
import { PasswordField } from "../components/PasswordField.tsx";
import { signIn, signOut } from "../session/session.ts";

/** Stands over a page whose session has run out. The page, and what was written on it, stays as it is. */
export function SignInAgainDialog({ email }: { email: string }) {
  const [password, setPassword] = useState("");
  const [failure, setFailure] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (password === "") return;
    setIsBusy(true);
    const problem = await signIn(email, password);
    setIsBusy(false);
    setFailure(problem);
    if (problem !== null) field.current?.select();
  }

  return (
    <ModalRoot
      open
      role="alertdialog"
      placement="center"
      closeOnEscape={false}
      closeOnInteractOutside={false}
      initialFocusEl={() => field.current}
    >
      <Portal>
        <Dialog.Backdrop />
        <Dialog.Positioner padding="4">
          <Dialog.Content maxWidth="24rem" borderRadius="panel">
            <form onSubmit={(event) => void submit(event)}>
              <Dialog.Header>
                <Dialog.Title>Sign in again</Dialog.Title>
              </Dialog.Header>
              <Dialog.Body>
                <Stack gap="4">
                  <Text color="fg.muted">
                    Your session has run out. This page stays as it is, with what you have written.
                  </Text>
                  <Text fontWeight="medium" overflowWrap="anywhere">
                    {email}
                  </Text>
                  <input type="hidden" name="username" autoComplete="username" value={email} />
                  <PasswordField
                    ref={field}
                    label="Password"
                    autoComplete="current-password"
                    value={password}
                    onChange={(event) => setPassword(event.target.value)}
                  />
                  {failure && <Notice kind="error">{failure}</Notice>}
                </Stack>
              </Dialog.Body>
              <Dialog.Footer>
                <Button variant="ghost" onClick={() => void signOut()}>
                  Sign out
                </Button>
                <Button type="submit" colorPalette="accent" loading={isBusy}>
                  Sign in
                </Button>
              </Dialog.Footer>
            </form>
          </Dialog.Content>
        </Dialog.Positioner>
      </Portal>
    </ModalRoot>
  );
}
