import { Box, HStack } from "@chakra-ui/react";
import { LuCheck } from "react-icons/lu";

const steps = [
  { id: "account", label: "Account" },
  { id: "workspace", label: "Workspace" },
  { id: "connect", label: "Phone line" },
] as const;

/** How far the first set-up has come. */
export function Stepper({ current }: { current: (typeof steps)[number]["id"] }) {
  const currentIndex = steps.findIndex((step) => step.id === current);
  return (
    <HStack as="ol" justify="center" gap="2" listStyleType="none" aria-label="Progress">
      {steps.map((step, index) => {
        const isDone = index < currentIndex;
        const isCurrent = index === currentIndex;
        return (
          <HStack
            as="li"
            key={step.id}
            gap="2"
            color={isCurrent ? "fg" : "fg.muted"}
            fontWeight={isCurrent ? "semibold" : "normal"}
            fontSize="sm"
            aria-current={isCurrent ? "step" : undefined}
          >
            {index > 0 && (
              <Box width={{ base: "4", sm: "7" }} height="1px" bg="border" aria-hidden />
            )}
            <Box
              display="grid"
              placeItems="center"
              boxSize="5"
              borderRadius="full"
              fontSize="11px"
              fontWeight="semibold"
              bg={isDone || isCurrent ? "accent.solid" : "bg.emphasized"}
              color={isDone || isCurrent ? "accent.contrast" : "fg.muted"}
              aria-hidden
            >
              {isDone ? <LuCheck size={12} strokeWidth={3} /> : index + 1}
            </Box>
            {step.label}
          </HStack>
        );
      })}
    </HStack>
  );
}
