import type { Contact } from "@livechat/shared";
import { useMemo } from "react";
import { nameLanguage } from "../../components/name-language.ts";
import { useInboxPart } from "../../realtime/use-inbox.tsx";
import { useNow } from "./use-now.ts";

/** What people know of a contact beside its addresses: only what is there is shown. */
export function ContactProfile({ contact }: { contact: Contact }) {
  const known = useInboxPart((snapshot) => snapshot.inbox?.contactFields);
  const now = useNow();
  const rows = useMemo(() => {
    const fields = [...(known?.values() ?? [])]
      .filter(({ id, archivedAt }) => archivedAt === null && id in contact.customFields)
      .sort((a, b) => a.position - b.position);
    return [
      { id: "company", label: "Company", value: contact.company },
      { id: "zone", label: "Local time", value: showLocalTime(contact.timeZone, now) },
      {
        id: "language",
        label: "Language",
        value: contact.language && nameLanguage(contact.language),
      },
      ...fields.map((field) => ({
        id: field.id,
        label: field.label,
        value: showValue(field.kind, contact.customFields[field.id]),
      })),
    ].filter((row) => row.value);
  }, [known, contact, now]);
  return (
    <>
      {rows.map(({ id, label, value }) => (
        <div key={id}>
          <span dir="auto">{label}</span>
          <span className="lc-card-value" dir="auto" title={value ?? undefined}>
            {value}
          </span>
        </div>
      ))}
      {contact.about && (
        <div className="lc-card-about">
          <span>About</span>
          <p dir="auto">{contact.about}</p>
        </div>
      )}
    </>
  );
}

function showValue(kind: string, value: string | number | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return value.toLocaleString();
  if (kind !== "date") return value;
  const day = new Date(`${value}T00:00:00Z`);
  return day.toLocaleDateString(undefined, { dateStyle: "medium", timeZone: "UTC" });
}

function showLocalTime(timeZone: string | null, now: Date): string | null {
  if (timeZone === null) return null;
  try {
    const time = now.toLocaleTimeString(undefined, { timeZone, timeStyle: "short" });
    return `${time}, ${timeZone.split("/").at(-1)?.replaceAll("_", " ") ?? timeZone}`;
  } catch {
    return timeZone;
  }
}
