import { Box, Center, Heading, Stack, Text } from "@chakra-ui/react";
import { type ReactNode, useEffect } from "react";
import { Logo } from "../../components/Logo.tsx";

interface AuthCardProps {
  title: string;
  subtitle?: ReactNode;
  children: ReactNode;
  /** Links under the card. */
  footer?: ReactNode;
}

/** The quiet page around every form that needs no session. */
export function AuthCard({ title, subtitle, children, footer }: AuthCardProps) {
  useEffect(() => {
    document.title = `${title} · Livechat SMS`;
  }, [title]);
  return (
    <Center
      as="main"
      minHeight="100dvh"
      bg={{ base: "bg", md: "bg.subtle" }}
      paddingX={{ base: "5", md: "6" }}
      paddingY="10"
    >
      <Stack width="100%" maxWidth="25rem" gap="6">
        <Box
          bg={{ base: "transparent", md: "bg.panel" }}
          borderRadius="22px"
          boxShadow={{ base: "none", md: "panel" }}
          borderWidth={{ base: "0", md: "1px" }}
          borderColor="hairline"
          padding={{ base: "0", md: "9" }}
        >
          <Stack gap="6">
            <Stack gap="2" align="center" textAlign="center">
              <Logo size={56} />
              <Heading as="h1" size="2xl" letterSpacing="-0.02em" marginTop="2">
                {title}
              </Heading>
              {subtitle && <Text color="fg.muted">{subtitle}</Text>}
            </Stack>
            {children}
          </Stack>
        </Box>
        {footer && (
          <Text textAlign="center" color="fg.muted">
            {footer}
          </Text>
        )}
      </Stack>
    </Center>
  );
}
