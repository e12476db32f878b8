import type { Message } from "@livechat/shared";

/** What a text took and cost, as far as the carrier has said so; null when it has said nothing. */
export function describeCost(
  message: Pick<Message, "numSegments" | "price" | "priceUnit">,
): string | null {
  const parts: string[] = [];
  const { numSegments, price, priceUnit } = message;
  if (numSegments) parts.push(numSegments === 1 ? "1 segment" : `${numSegments} segments`);
  if (price !== null) {
    parts.push(
      priceUnit === null
        ? price
        : new Intl.NumberFormat(undefined, {
            style: "currency",
            currency: priceUnit,
            // A text costs less than the smallest coin.
            maximumFractionDigits: 5,
          }).format(Number(price)),
    );
  }
  return parts.length > 0 ? parts.join(", ") : null;
}
