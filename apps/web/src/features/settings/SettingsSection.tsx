import { Heading, Stack, Text } from "@chakra-ui/react";
import { type ReactNode, useId } from "react";

interface SettingsSectionProps {
  title: string;
  detail?: ReactNode;
  children: ReactNode;
}

/** One titled card of the settings. */
export function SettingsSection({ title, detail, children }: SettingsSectionProps) {
  const headingId = useId();
  return (
    <Stack as="section" aria-labelledby={headingId} gap="3">
      <Stack gap="0.5" paddingX="1">
        <Heading as="h2" id={headingId} size="md">
          {title}
        </Heading>
        {detail && <Text color="fg.muted">{detail}</Text>}
      </Stack>
      <Stack layerStyle="card" padding={{ base: "4", md: "5" }} gap="4">
        {children}
      </Stack>
    </Stack>
  );
}
