import { chakra, Flex, Text } from "@chakra-ui/react";
import { useId } from "react";

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
  const id = useId();
  return (
    <chakra.label
      htmlFor={id}
      display="flex"
      gap="4"
      alignItems="center"
      cursor="pointer"
      minHeight="28px"
    >
      <Flex direction="column" flex="1" minWidth="0">
        <Text>{label}</Text>
        {detail && <Text color="fg.muted">{detail}</Text>}
      </Flex>
      <Switch
        id={id}
        type="checkbox"
        role="switch"
        checked={isOn}
        onChange={(event) => onChange(event.target.checked)}
      />
    </chakra.label>
  );
}

const Switch = chakra("input", {
  base: {
    appearance: "none",
    position: "relative",
    flexShrink: 0,
    width: "42px",
    height: "26px",
    borderRadius: "13px",
    bg: "border.emphasized",
    cursor: "pointer",
    transition: "background-color 120ms",
    _before: {
      content: '""',
      position: "absolute",
      top: "2px",
      insetInlineStart: "2px",
      width: "22px",
      height: "22px",
      borderRadius: "full",
      bg: "white",
      boxShadow: "0 1px 3px rgb(0 0 0 / 0.3)",
      transition: "transform 120ms",
    },
    _checked: { bg: "accent.solid" },
    "&:checked::before": { transform: "translateX(16px)" },
    "&:dir(rtl):checked::before": { transform: "translateX(-16px)" },
    _focusVisible: { outline: "2px solid", outlineColor: "accent.focusRing", outlineOffset: "2px" },
    "@media (forced-colors: active)": {
      borderWidth: "1px",
      borderColor: "CanvasText",
      _before: { bg: "CanvasText" },
      _checked: { bg: "Highlight", forcedColorAdjust: "none" },
    },
  },
});
