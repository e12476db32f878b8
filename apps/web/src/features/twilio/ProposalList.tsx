import { Badge, Checkbox, Flex, Stack, Text } from "@chakra-ui/react";
import { formatAddress, type WebhookProposal } from "@livechat/shared";
import { LuCircleCheck } from "react-icons/lu";
import { WebhookDiff } from "./WebhookDiff.tsx";

interface ProposalListProps {
  label: string;
  proposals: readonly WebhookProposal[];
  /** SIDs whose texts may be taken from somebody else. */
  takeOver: readonly string[];
  onTakeOver: (takeOver: string[]) => void;
}

/** Each number and service with the difference between now and then; what is somebody else's has to be ticked. */
export function ProposalList({ label, proposals, takeOver, onTakeOver }: ProposalListProps) {
  return (
    <Stack
      as="ul"
      aria-label={label}
      gap="0"
      listStyleType="none"
      borderWidth="1px"
      borderColor="hairline"
      borderRadius="panel"
    >
      {proposals.map((proposal) => {
        const { sid, isSet, isForeign, target } = proposal;
        const name = target === "number" ? formatAddress(proposal.label) : proposal.label;
        return (
          <Stack
            as="li"
            key={sid}
            gap="3"
            padding="4"
            borderTopWidth="1px"
            borderColor="hairline"
            _first={{ borderTopWidth: 0 }}
          >
            <Flex gap="2" align="center" wrap="wrap">
              <Text fontWeight="semibold" minWidth="0" overflowWrap="anywhere">
                <bdi>{name}</bdi>
              </Text>
              {target === "service" && <Badge variant="subtle">Messaging Service</Badge>}
            </Flex>
            {isSet ? (
              <Flex gap="1.5" align="center" color="status.ok" fontSize="sm">
                <LuCircleCheck aria-hidden /> Texts arrive here already
              </Flex>
            ) : (
              <WebhookDiff current={proposal.current} proposed={proposal.proposed} />
            )}
            {!isSet && isForeign && (
              <Checkbox.Root
                colorPalette="accent"
                alignItems="flex-start"
                checked={takeOver.includes(sid)}
                onCheckedChange={({ checked }) =>
                  onTakeOver(
                    checked === true
                      ? [...takeOver, sid]
                      : takeOver.filter((taken) => taken !== sid),
                  )
                }
              >
                <Checkbox.HiddenInput />
                <Checkbox.Control marginTop="0.5" />
                <Checkbox.Label fontWeight="normal">
                  Take {name} over. Its texts go somewhere else now; without this it stays as it is.
                </Checkbox.Label>
              </Checkbox.Root>
            )}
          </Stack>
        );
      })}
    </Stack>
  );
}
