import { Field, Input, type InputProps } from "@chakra-ui/react";

interface TextFieldProps extends InputProps {
  label: string;
  error?: string | undefined;
  help?: string;
}

/** A labelled line of text with its error below. */
export function TextField({ label, error, help, id, ...input }: TextFieldProps) {
  return (
    // The label finds the field by the id that both get from here.
    <Field.Root invalid={error !== undefined} {...(id ? { ids: { control: id } } : {})}>
      <Field.Label>{label}</Field.Label>
      <Input {...input} />
      {help && !error && <Field.HelperText color="fg.muted">{help}</Field.HelperText>}
      <Field.ErrorText>{error}</Field.ErrorText>
    </Field.Root>
  );
}
