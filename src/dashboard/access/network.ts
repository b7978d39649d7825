import { isIP } from "node:net";

const groups = 8;
const groupsOfNetwork = 4;

/** An address without what says that it is IPv4 written as IPv6. */
export function plainAddress(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");
}

/**
 * Whose an address is: itself where it is IPv4, and of IPv6 the network it is in (/64), for whoever has one address of that has all of
 * them. Nobody's, and what is no address, is `""`.
 */
export function networkOf(address: string | undefined): string {
  const [plain = ""] = plainAddress(address ?? "").split("%", 1);
  const kind = isIP(plain);
  if (kind !== 6) return kind === 4 ? plain : "";
  // The last 32 bits may be written as IPv4 writes them.
  const [head = "", tail = ""] = plain.replace(/[\d.]+\.\d+$/, "0:0").split("::");
  const [first, last] = [head, tail].map((part) => part.split(":").filter((each) => each !== ""));
  const zeros = Array.from(
    { length: groups - (first?.length ?? 0) - (last?.length ?? 0) },
    () => "0",
  );
  const all = [...(first ?? []), ...zeros, ...(last ?? [])];
  const leading = all
    .slice(0, groupsOfNetwork)
    .map((group) => Number.parseInt(group, 16).toString(16));
  return `${leading.join(":")}::/64`;
}
