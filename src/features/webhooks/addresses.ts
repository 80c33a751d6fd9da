/** Which addresses may be connected to: those of the public internet, and those the operator allows. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** The first address of a range, and how many of its bits all in it share. */
export type Range = readonly [start: Address, bits: number];

/** What is said of an address: that it is `public`, that the operator `listed` it, or why it is refused. */
export type Judgement = 'public' | 'listed' | { readonly refused: string };

/** Ranges as the settings have them: addresses, or CIDR. Throws for what is neither. */
export function rangesOf(texts: readonly string[]): Range[] {
  return texts.map((text) => {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    const address = ipaddr.parse(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  });
}

/** Names of the library’s ranges that people know by another. */
const NAMES: Readonly<Record<string, string>> = {
  linkLocal: 'link-local',
  carrierGradeNat: 'shared by a carrier’s customers (RFC 6598)',
  uniqueLocal: 'private (RFC 4193)',
};

/** Public by its number, yet answered by the machine’s own cloud (Azure). */
const OF_THE_CLOUD = '168.63.129.16';

/** Global unicast addresses of IPv6, as IANA assigns them (RFC 4291, section 2.4); whatever else there is, is set aside. */
const GLOBAL = ipaddr.IPv6.parseCIDR('2000::/3');
/** The prefix of addresses that a gateway turns into IPv4 (RFC 6052, section 2.1). */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** Judges an address as a resolver or a socket gives it. What IPv6 only wraps is judged by the IPv4 address inside. */
export function judge(text: string, listed: readonly Range[]): Judgement {
  if (isIP(text) === 0) return { refused: `${text} is no address` };
  // Behind a percent sign is the interface, which says nothing of the address.
  const outer = ipaddr.parse(text.replace(/%.*$/, ''));
  const inner = unwrapped(outer);
  if ([outer, inner].some((address) => isAmong(address, listed))) return 'listed';
  const fault = faultOf(inner);
  return fault === undefined ? 'public' : { refused: `${text} is ${fault}` };
}

function unwrapped(address: Address): Address {
  if (!(address instanceof ipaddr.IPv6)) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  return address.match(NAT64) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
}

function isAmong(address: Address, ranges: readonly Range[]): boolean {
  return ranges.some(
    ([start, bits]) => start.kind() === address.kind() && address.match([start, bits] as never),
  );
}

function faultOf(address: Address): string | undefined {
  const range = address.range();
  if (range !== 'unicast') return NAMES[range] ?? range;
  if (address instanceof ipaddr.IPv6) return address.match(GLOBAL) ? undefined : 'reserved';
  return address.toString() === OF_THE_CLOUD ? 'answered by the machine’s own cloud' : undefined;
}
