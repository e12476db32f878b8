import { chakra, Flex, Text } from "@chakra-ui/react";

/** One thing that is on or off. */
export function SwitchField({
  label,
  detail,
  isOn,
  onChange,
}: {
  label: string;
  detail?: string;
  isOn: boolean;
  onChange(isOn: boolean): void;
}) {
  return (
    <chakra.label display="flex" gap="3" alignItems="flex-start" cursor="pointer">
      <chakra.input
        type="checkbox"
        role="switch"
        checked={isOn}
        onChange={(event) => onChange(event.target.checked)}
        width="17px"
        height="17px"
        marginTop="1px"
        flexShrink="0"
        accentColor="{colors.accent.solid}"
      />
      <Flex direction="column" minWidth="0">
        <Text>{label}</Text>
        {detail && <Text color="fg.muted">{detail}</Text>}
      </Flex>
    </chakra.label>
  );
}
