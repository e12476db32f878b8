/** A picture of one red pixel, PNG, as base64. */
export const picture =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

/** The same picture's bytes. */
export function createPicture(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(picture, "base64"));
}
