import type { Contact } from "@livechat/shared";
import { findAreaZone } from "./area-zones.ts";

const quietFromHour = 21;
const quietUntilHour = 8;

/** Countries that have one zone, by the code that their numbers begin with. */
const zoneByCallingCode: Record<string, string> = {
  "27": "Africa/Johannesburg",
  "30": "Europe/Athens",
  "31": "Europe/Amsterdam",
  "32": "Europe/Brussels",
  "33": "Europe/Paris",
  "36": "Europe/Budapest",
  "39": "Europe/Rome",
  "40": "Europe/Bucharest",
  "41": "Europe/Zurich",
  "43": "Europe/Vienna",
  "44": "Europe/London",
  "45": "Europe/Copenhagen",
  "46": "Europe/Stockholm",
  "47": "Europe/Oslo",
  "48": "Europe/Warsaw",
  "49": "Europe/Berlin",
  "63": "Asia/Manila",
  "65": "Asia/Singapore",
  "66": "Asia/Bangkok",
  "81": "Asia/Tokyo",
  "82": "Asia/Seoul",
  "84": "Asia/Ho_Chi_Minh",
  "86": "Asia/Shanghai",
  "90": "Europe/Istanbul",
  "91": "Asia/Kolkata",
  "92": "Asia/Karachi",
  "353": "Europe/Dublin",
  "358": "Europe/Helsinki",
  "420": "Europe/Prague",
  "852": "Asia/Hong_Kong",
  "886": "Asia/Taipei",
  "971": "Asia/Dubai",
  "972": "Asia/Jerusalem",
};

/** Where a contact lives, as far as clocks go. */
export interface LikelyZone {
  zone: string;
  /** Whether it was told by the number alone: people take their numbers along. */
  isGuess: boolean;
}

/** The contact's zone as it was set, else what their number makes likely; else null. */
export function findZone(contact: Pick<Contact, "timeZone" | "phoneNumber">): LikelyZone | null {
  if (contact.timeZone && isZone(contact.timeZone)) {
    return { zone: contact.timeZone, isGuess: false };
  }
  const digits = /^\+(\d+)$/.exec(contact.phoneNumber)?.[1] ?? "";
  const zone =
    findAreaZone(contact.phoneNumber) ??
    zoneByCallingCode[digits.slice(0, 3)] ??
    zoneByCallingCode[digits.slice(0, 2)];
  return zone ? { zone, isGuess: true } : null;
}

/** A night at the contact's. */
export interface QuietHour extends LikelyZone {
  /** The time there. */
  time: string;
  /** When it ends. */
  morning: Date;
}

/** The time where the contact lives, when it is between 21:00 and 8:00 there; else null. */
export function findQuietHour(
  contact: Pick<Contact, "timeZone" | "phoneNumber">,
  now: Date,
): QuietHour | null {
  const likely = findZone(contact);
  if (!likely) return null;
  const { zone } = likely;
  const { hour, minute } = readClock(now, zone);
  if (hour >= quietUntilHour && hour < quietFromHour) return null;
  const time = new Intl.DateTimeFormat(undefined, {
    timeZone: zone,
    hour: "numeric",
    minute: "2-digit",
  }).format(now);
  return { ...likely, time, morning: findMorning(now, zone, hour, minute) };
}

/** The next eight o'clock there, also where a clock change lies between. */
function findMorning(now: Date, zone: string, hour: number, minute: number): Date {
  const minutesAway = ((quietUntilHour - hour + 24) % 24) * 60 - minute;
  const guess = new Date(Math.floor(now.getTime() / 60_000) * 60_000 + minutesAway * 60_000);
  const there = readClock(guess, zone);
  const offByMinutes = (there.hour - quietUntilHour) * 60 + there.minute;
  return new Date(guess.getTime() - offByMinutes * 60_000);
}

function readClock(at: Date, timeZone: string): { hour: number; minute: number } {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return { hour: read("hour"), minute: read("minute") };
}

function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}
