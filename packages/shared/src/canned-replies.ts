import * as z from "zod";
import { maxTextLength } from "./requests/messages.ts";
import { asOfSeq } from "./resources.ts";

const isoTime = z.iso.datetime({ offset: true });

/** A text that agents keep ready. `{{name}}` and its like are filled in when it is used. */
export const cannedReply = z.object({
  id: z.uuid(),
  workspaceId: z.uuid(),
  /** What is typed after the slash. */
  shortcut: z.string(),
  content: z.string(),
  updatedAt: isoTime,
});
export type CannedReply = z.infer<typeof cannedReply>;

export const cannedReplyList = z.object({
  epoch: z.uuid(),
  asOfSeq,
  /** In the order of their shortcuts. */
  items: z.array(cannedReply),
});
export type CannedReplyList = z.infer<typeof cannedReplyList>;

export const saveCannedReplyRequest = z.object({
  shortcut: z
    .string()
    .trim()
    .toLowerCase()
    .regex(
      /^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]{0,39}$/u,
      "A shortcut is a word of at most 40 letters, digits, - and _.",
    ),
  content: z
    .string()
    .min(1)
    .max(maxTextLength)
    .refine((text) => text.trim() !== "", "Write the text."),
});
export type SaveCannedReplyRequest = z.infer<typeof saveCannedReplyRequest>;

/** Everything that may stand between the braces of a variable. */
export const textVariables = [
  "first_name",
  "last_name",
  "name",
  "phone",
  "email",
  "company",
  "agent",
  "agent_first_name",
  "workspace",
] as const;
export type TextVariable = (typeof textVariables)[number];

/** What is known now; an absent, null or empty value can't be filled in. */
export type VariableValues = Partial<Record<TextVariable, string | null>>;

const variablePattern = /\{\{\s*([\p{L}\p{N}_ ]{1,40}?)\s*(?:\|([^{}]{0,200}))?\}\}/gu;

/**
 * The text with its variables filled in, and those left that nothing is known
 * for. `{{first_name|there}}` says what stands in where the name is unknown.
 */
export function fillVariables(
  text: string,
  values: VariableValues,
): { text: string; unresolved: string[] } {
  const unresolved = new Set<string>();
  const filled = text.replace(variablePattern, (whole, written: string, instead?: string) => {
    const name = textVariables.find((each) => each === toName(written));
    const value = (name && values[name]?.trim()) || instead?.trim();
    if (value) return value;
    unresolved.add(toName(written));
    return whole;
  });
  return { text: filled, unresolved: [...unresolved] };
}

/** The names of the variables in a text that nobody can ever fill in. */
export function listUnknownVariables(text: string): string[] {
  const names = [...text.matchAll(variablePattern)].map(([, written = ""]) => toName(written));
  return [...new Set(names)].filter((name) => !textVariables.some((each) => each === name));
}

function toName(written: string): string {
  return written.trim().toLowerCase().replace(/\s+/g, "_");
}
