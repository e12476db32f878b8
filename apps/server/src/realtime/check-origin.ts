/**
 * Whether a handshake comes from our own pages: from the public address, or
 * from the very host that it asks (a proxy of development). No origin at all
 * means no page: browsers always send theirs with a WebSocket.
 */
export function isOwnOrigin(
  origin: string | undefined,
  host: string | undefined,
  baseUrl: string,
): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const { origin: named, host: namedHost } = new URL(origin);
  return named === new URL(baseUrl).origin || (host !== undefined && namedHost === host);
}
