import { addDays, addHours, isSameDay, nextMonday, set, startOfHour } from "date-fns";

/** A moment to snooze until, by its everyday name. */
export interface SnoozeTime {
  label: string;
  until: Date;
}

const at = (day: Date, hours: number) =>
  set(day, { hours, minutes: 0, seconds: 0, milliseconds: 0 });

/** The usual moments from now on, in the reader's zone. Late in the evening "Later today" is left out. */
export function listSnoozeTimes(now: Date): SnoozeTime[] {
  const later = startOfHour(addHours(now, 4));
  return [
    ...(isSameDay(now, later) ? [{ label: "Later today", until: later }] : []),
    { label: "Tomorrow", until: at(addDays(now, 1), 9) },
    { label: "Next week", until: at(nextMonday(now), 9) },
  ];
}

/** "Tue 9:00 AM", with the date once it is more than a week away. */
export function formatSnooze(until: Date, now: Date): string {
  const isNear = until.getTime() - now.getTime() < 6 * 24 * 3600_000;
  return until.toLocaleString(undefined, {
    ...(isSameDay(until, now)
      ? {}
      : isNear
        ? { weekday: "short" }
        : { day: "numeric", month: "short" }),
    hour: "numeric",
    minute: "2-digit",
  });
}
