import { chakra } from "@chakra-ui/react";
import { useId } from "react";
import type { IconType } from "react-icons";

interface ChoiceGroupProps<Value extends string> {
  label: string;
  value: Value;
  choices: readonly { value: Value; label: string; icon?: IconType; hint?: string }[];
  onChange(value: Value): void;
}

/** One of a few, as cards side by side: a radio group to the keyboard and to a screen reader. */
export function ChoiceGroup<Value extends string>({
  label,
  value,
  choices,
  onChange,
}: ChoiceGroupProps<Value>) {
  const name = useId();
  return (
    <chakra.fieldset border="0" margin="0" padding="0" minWidth="0">
      <chakra.legend fontWeight="medium" marginBottom="2">
        {label}
      </chakra.legend>
      <chakra.div
        display="grid"
        gridTemplateColumns="repeat(auto-fit, minmax(min(100%, 8rem), 1fr))"
        gap="2"
      >
        {choices.map(({ value: choice, label: words, icon: Icon, hint }) => (
          <Card key={choice}>
            <chakra.input
              type="radio"
              className="choice-input"
              name={name}
              value={choice}
              checked={choice === value}
              onChange={() => onChange(choice)}
              position="absolute"
              inset="0"
              opacity="0"
              cursor="pointer"
            />
            {Icon && <Icon size={20} strokeWidth={1.8} aria-hidden />}
            <chakra.span fontWeight="medium">{words}</chakra.span>
            {hint && (
              <chakra.span color="fg.muted" fontSize="xs">
                {hint}
              </chakra.span>
            )}
          </Card>
        ))}
      </chakra.div>
    </chakra.fieldset>
  );
}

const Card = chakra("label", {
  base: {
    position: "relative",
    display: "flex",
    flexDirection: "column",
    alignItems: "center",
    gap: "1",
    padding: "3",
    borderWidth: "1px",
    borderColor: "border",
    borderRadius: "l2",
    textAlign: "center",
    cursor: "pointer",
    transition: "background-color 120ms, border-color 120ms",
    _hover: { bg: "bg.subtle" },
    "&:has(:checked)": {
      borderColor: "accent.solid",
      bg: "accent.subtle",
      boxShadow: "inset 0 0 0 1px var(--chakra-colors-accent-solid)",
    },
    "&:has(:focus-visible)": {
      outline: "2px solid",
      outlineColor: "accent.focusRing",
      outlineOffset: "2px",
    },
    "@media (forced-colors: active)": {
      "&:has(:checked)": { outline: "2px solid Highlight" },
    },
  },
});
