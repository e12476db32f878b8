import { formatDistanceToNowStrict } from "date-fns";

/** How long ago, in words: “3 minutes ago”. */
export function describeAgo(iso: string): string {
  const time = new Date(iso);
  if (Date.now() - time.getTime() < 45_000) return "just now";
  return formatDistanceToNowStrict(time, { addSuffix: true });
}
