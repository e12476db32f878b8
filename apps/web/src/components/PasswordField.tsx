import { Field, IconButton, Input, InputGroup, type InputProps } from "@chakra-ui/react";
import { type Ref, useState } from "react";
import { LuEye, LuEyeOff } from "react-icons/lu";

interface PasswordFieldProps extends Omit<InputProps, "type"> {
  label: string;
  error?: string | undefined;
  help?: string;
  ref?: Ref<HTMLInputElement>;
}

/** A labelled secret that can be shown and hidden again. */
export function PasswordField({ label, error, help, ...input }: PasswordFieldProps) {
  const [isShown, setIsShown] = useState(false);
  return (
    <Field.Root invalid={error !== undefined}>
      <Field.Label>{label}</Field.Label>
      <InputGroup
        endElement={
          <IconButton
            type="button"
            variant="ghost"
            size="xs"
            marginEnd="-2"
            aria-label={isShown ? `Hide ${label.toLowerCase()}` : `Show ${label.toLowerCase()}`}
            aria-pressed={isShown}
            onClick={() => setIsShown(!isShown)}
          >
            {isShown ? <LuEyeOff /> : <LuEye />}
          </IconButton>
        }
      >
        <Input
          type={isShown ? "text" : "password"}
          autoCapitalize="none"
          spellCheck={false}
          {...input}
        />
      </InputGroup>
      {help && !error && <Field.HelperText color="fg.muted">{help}</Field.HelperText>}
      <Field.ErrorText>{error}</Field.ErrorText>
    </Field.Root>
  );
}
