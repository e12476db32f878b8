/**
 * The text as it can be stored: Postgres text and jsonb hold no NUL, and half of a
 * surrogate pair cannot be encoded.
 */
export function toStorableText(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}
