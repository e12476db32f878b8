import type { ImportColumn } from "@livechat/shared";

/** What the columns of a contact are called on the screen. */
export const columnLabels: Record<ImportColumn, string> = {
  phoneNumber: "Phone number",
  name: "Name",
  email: "E-mail",
  company: "Company",
  timeZone: "Time zone",
  language: "Language",
  about: "About",
};
