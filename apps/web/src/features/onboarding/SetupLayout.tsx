import { Box, Center, Heading, Stack, Text } from "@chakra-ui/react";
import { type ReactNode, useEffect } from "react";
import { Stepper } from "./Stepper.tsx";

interface SetupLayoutProps {
  step: "workspace" | "connect";
  title: string;
  subtitle: string;
  isWide?: boolean;
  /** Ways out, under everything. */
  footer?: ReactNode;
  children: ReactNode;
}

/** The calm page around each step of the first set-up. */
export function SetupLayout(props: SetupLayoutProps) {
  useEffect(() => {
    document.title = `${props.title} · Livechat SMS`;
  }, [props.title]);
  return (
    <Center
      as="main"
      minHeight="100dvh"
      bg="bg.subtle"
      paddingX={{ base: "5", md: "6" }}
      paddingY="12"
    >
      <Stack width="100%" maxWidth={props.isWide ? "44rem" : "26rem"} gap="8">
        <Stepper current={props.step} />
        <Stack gap="2" textAlign="center">
          <Heading as="h1" size="3xl" letterSpacing="-0.025em">
            {props.title}
          </Heading>
          <Text color="fg.muted" fontSize="md">
            {props.subtitle}
          </Text>
        </Stack>
        {props.children}
        {props.footer && <Box textAlign="center">{props.footer}</Box>}
      </Stack>
    </Center>
  );
}
