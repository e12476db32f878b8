/** A name as it can be stored: Postgres takes no NUL and, in an event, no half of a surrogate pair. */
export function cleanName(name: string | null): string | null {
  const clean = name?.replaceAll("\0", "").toWellFormed().trim();
  return clean ? clean : null;
}
