import { differenceInCalendarDays } from "date-fns";

const timeOfDay = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const shortDate = new Intl.DateTimeFormat(undefined, { dateStyle: "short" });
// Days are named in the language of the words around them.
const weekday = new Intl.DateTimeFormat("en-US", { weekday: "long" });
const dayOfYear = { weekday: "short", month: "short", day: "numeric" } as const;
const dayThisYear = new Intl.DateTimeFormat("en-US", dayOfYear);
const dayOfOtherYear = new Intl.DateTimeFormat("en-US", { ...dayOfYear, year: "numeric" });
const fullDate = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });

/** The time of day in the reader's own manner. */
export function formatTime(isoTime: string): string {
  return timeOfDay.format(new Date(isoTime));
}

/** The whole moment, for titles and screen readers. */
export function formatMoment(isoTime: string): string {
  return fullDate.format(new Date(isoTime));
}

/** A moment as a list shows it: the time today, then "Yesterday", the weekday, the date. */
export function formatListTime(isoTime: string, now: Date): string {
  const date = new Date(isoTime);
  const days = differenceInCalendarDays(now, date);
  if (days <= 0) return timeOfDay.format(date);
  if (days === 1) return "Yesterday";
  if (days < 7) return weekday.format(date);
  return shortDate.format(date);
}

/** The name of a day in a thread: "Today", "Yesterday", the weekday, then the date. */
export function formatDay(isoTime: string, now: Date): string {
  const date = new Date(isoTime);
  const days = differenceInCalendarDays(now, date);
  if (days <= 0) return "Today";
  if (days === 1) return "Yesterday";
  if (days < 7) return weekday.format(date);
  return (date.getFullYear() === now.getFullYear() ? dayThisYear : dayOfOtherYear).format(date);
}
