import { lookup as systemLookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** The addresses of a host, as `dns.lookup` gives them with `all`. */
export type Resolve = (
  hostname: string,
  answer: (
    error: NodeJS.ErrnoException | null,
    addresses: { address: string; family: number }[],
  ) => void,
) => void;

const resolveAll: Resolve = (hostname, answer) => {
  systemLookup(hostname, { all: true }, answer);
};

// Source: IANA, special-purpose address registries for IPv4 and IPv6.
const inner = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const) {
  inner.addSubnet(network, prefix, "ipv4");
}
/** Of IPv6 only what is given out to the Internet counts, and of that no way back into IPv4. */
const outer = new BlockList();
outer.addSubnet("2000::", 3, "ipv6");
for (const [network, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  inner.addSubnet(network, prefix, "ipv6");
}

/** Whether an address belongs to the Internet, and not to this machine or a network around it. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !inner.check(address, "ipv4");
    case 6:
      return outer.check(address, "ipv6") && !inner.check(address, "ipv6");
    default:
      return false;
  }
}

/** The host's name leads into a network that is not the Internet. */
export class InnerAddressError extends Error {
  override name = "InnerAddressError";
}

/**
 * A lookup for a connection that may only leave for the Internet: the connection
 * goes to the very address that was checked, so a name that answers differently
 * the second time gains nothing. Fails with {@link InnerAddressError} when any of
 * the host's addresses is an inner one.
 */
export function createCheckedLookup(resolve: Resolve = resolveAll): LookupFunction {
  return (hostname, options, answer) => {
    resolve(hostname, (error, addresses) => {
      if (error) return answer(error, "", 0);
      const [first] = addresses;
      if (!first || addresses.some(({ address }) => !isPublicAddress(address))) {
        return answer(new InnerAddressError(`${hostname} is not on the Internet.`), "", 0);
      }
      if (options.all) return answer(null, addresses);
      answer(null, first.address, first.family);
    });
  };
}
