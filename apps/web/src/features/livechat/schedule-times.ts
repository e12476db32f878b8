import { addDays, addHours, format, isValid, nextMonday, set, startOfMinute } from "date-fns";

/** The times that a text is most often scheduled for, in the writer's own zone. */
export function listScheduleTimes(now: Date): { label: string; at: Date }[] {
  const nine = { hours: 9, minutes: 0, seconds: 0, milliseconds: 0 };
  const thisEvening = set(now, { ...nine, hours: 18 });
  const tomorrow = set(addDays(now, 1), nine);
  const monday = set(nextMonday(now), nine);
  return [
    { label: "In an hour", at: startOfMinute(addHours(now, 1)) },
    ...(thisEvening.getTime() - now.getTime() > 2 * 3_600_000
      ? [{ label: "This evening", at: thisEvening }]
      : []),
    { label: "Tomorrow morning", at: tomorrow },
    ...(monday.getTime() === tomorrow.getTime() ? [] : [{ label: "Monday morning", at: monday }]),
  ];
}

/** A moment as a field for day and time holds it. */
export function writeLocalTime(at: Date): string {
  return format(at, "yyyy-MM-dd'T'HH:mm");
}

/** The moment that such a field holds; null for none. */
export function readLocalTime(written: string): Date | null {
  const at = new Date(written);
  return written !== "" && isValid(at) ? at : null;
}
