import type { Contact, VariableValues } from "@livechat/shared";
import { showAddress } from "../../components/show-address.ts";

const labels: Record<string, string> = {
  first_name: "the first name",
  last_name: "the last name",
  name: "the name",
  phone: "the phone number",
  email: "the e-mail address",
  company: "the company",
};

/** What the variables of a text to this contact stand for. */
export function readTextValues(
  contact: Pick<Contact, "name" | "phoneNumber" | "email" | "company">,
  agent: string,
  workspace: string,
): VariableValues {
  const [first = null, ...others] = contact.name?.trim().split(/\s+/) ?? [];
  return {
    first_name: first || null,
    last_name: others.at(-1) ?? null,
    name: contact.name,
    phone: showAddress(contact.phoneNumber),
    email: contact.email,
    company: contact.company,
    agent,
    agent_first_name: agent.trim().split(/\s+/)[0] ?? agent,
    workspace,
  };
}

/** Why a text with these variables can't go out, and what to do; null when there are none. */
export function explainUnresolved(unresolved: readonly string[]): string | null {
  const [first] = unresolved;
  if (!first) return null;
  const label = labels[first];
  return label
    ? `{{${first}}} can't be filled in: ${label} of this contact is not known. Write it in, or take it out.`
    : `{{${first}}} is no variable that can be filled in. Write what it stands for, or take it out.`;
}
