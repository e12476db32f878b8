/** A name for a sentence that is plain text: its direction turns nothing around it, as within `<bdi>`. */
export function isolate(name: string): string {
  return `\u2068${name}\u2069`;
}
