import { Button, Center, Heading, Stack, Text } from "@chakra-ui/react";
import type { ReactNode } from "react";
import { useNoteFirstScreen } from "./first-screen.ts";

interface ErrorStateProps {
  title: string;
  detail?: string;
  onRetry?: () => void;
  isRetrying?: boolean;
  /** Below the page's own heading it is a smaller one. */
  level?: "h1" | "h2";
  /** Other ways out, under the text. */
  children?: ReactNode;
}

/** Says what went wrong and what to do, in the middle of its space. */
export function ErrorState({
  title,
  detail,
  onRetry,
  isRetrying,
  level = "h1",
  children,
}: ErrorStateProps) {
  useNoteFirstScreen();
  return (
    <Center height="100%" minHeight="40vh" padding="6" role="alert">
      <Stack gap="3" align="center" maxWidth="26rem" textAlign="center">
        <Heading as={level} size="lg">
          {title}
        </Heading>
        {detail && <Text color="fg.muted">{detail}</Text>}
        {onRetry && (
          <Button colorPalette="accent" onClick={onRetry} loading={isRetrying ?? false}>
            Try again
          </Button>
        )}
        {children}
      </Stack>
    </Center>
  );
}
