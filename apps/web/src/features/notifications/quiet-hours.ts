/** From when until when nothing rings; "HH:MM" on the wall clock. Across midnight when it ends before it begins. */
export interface QuietHours {
  from: string;
  to: string;
}

/** Whether it is quiet now. Equal ends mean never: nobody wants a whole day of it. */
export function isQuietAt(moment: Date, { from, to }: QuietHours): boolean {
  const now = moment.getHours() * 60 + moment.getMinutes();
  const start = readMinutes(from);
  const end = readMinutes(to);
  if (start === end) return false;
  return start < end ? now >= start && now < end : now >= start || now < end;
}

function readMinutes(clock: string): number {
  const [hours, minutes] = clock.split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}
