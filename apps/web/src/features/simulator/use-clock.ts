import { useEffect, useState } from "react";

const format = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });

/** The time as a phone shows it, to the minute. */
export function useClock(): string {
  const [now, setNow] = useState(() => format.format(new Date()));
  useEffect(() => {
    const timer = setInterval(() => setNow(format.format(new Date())), 5000);
    return () => clearInterval(timer);
  }, []);
  return now.replace(/\s?[AP]M$/i, "");
}
