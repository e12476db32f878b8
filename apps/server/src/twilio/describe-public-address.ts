import { BlockList, isIP } from "node:net";

const own = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
] as const) {
  own.addSubnet(network, prefix, "ipv4");
}
own.addAddress("::1", "ipv6");
own.addSubnet("fc00::", 7, "ipv6");
own.addSubnet("fe80::", 10, "ipv6");

/** Whether the Internet can reach this address, as far as it shows, and whether in private. */
export function describePublicAddress(address: string): "public" | "private" | "not_https" {
  const { hostname, protocol } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, "");
  const version = isIP(host);
  const isOwn =
    version === 0
      ? !host.includes(".") || /\.(local|localhost|internal|lan|home\.arpa|test)$/.test(host)
      : own.check(host, version === 6 ? "ipv6" : "ipv4");
  if (isOwn) return "private";
  return protocol === "https:" ? "public" : "not_https";
}
