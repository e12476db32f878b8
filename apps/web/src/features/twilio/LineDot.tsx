import { Box, chakra } from "@chakra-ui/react";
import { useInboxPart } from "../../realtime/use-inbox.tsx";

/** A dot while the phone line has problems, live; nothing while it is well. */
export function LineDot() {
  const problems = useInboxPart(({ inbox }) => inbox?.line?.problemCount ?? 0);
  if (problems === 0) return null;
  return (
    <Box
      as="span"
      position="absolute"
      top="20px"
      left="0"
      boxSize="9px"
      borderRadius="full"
      bg="status.error"
      borderWidth="1.5px"
      borderColor="bg.panel"
      title="The phone line needs attention"
    >
      <chakra.span srOnly>The phone line needs attention. </chakra.span>
    </Box>
  );
}
