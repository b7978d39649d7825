import { isIP } from "node:net";
import type { Caller } from "../../http/caller.ts";
import { plainAddress } from "./network.ts";

/** Headers by which a proxy says that somebody else asks. */
const forwarding =
  /^(forwarded|via|x-real-ip|x-forwarded(-.*)?|x-original-(forwarded-for|host)|((x|cf|x-cluster|fastly)-)?(client|connecting)-ip|true-client-ip)$/;

/**
 * True when a request comes from this machine and nobody behind it: over loopback, through no proxy, and to a name that only means this
 * machine. A page elsewhere whose name was made to lead here (DNS rebinding) asks for its own name.
 */
export function isLocal({ headers }: Request, { remoteAddress }: Caller): boolean {
  return (
    remoteAddress !== undefined &&
    isLoopback(remoteAddress) &&
    ![...headers.keys()].some((name) => forwarding.test(name)) &&
    isLocalHost(headers.get("host") ?? "")
  );
}

/** True for an address of the loopback interface. */
export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return isIP(plain) === 4 ? plain.startsWith("127.") : plain === "::1";
}

function isLocalHost(host: string): boolean {
  const [, name = ""] = /^(\[[^\]]*\]|[^:[\]]*)(?::\d{1,5})?$/.exec(host) ?? [];
  return name.toLowerCase() === "localhost" || isLoopback(name.replace(/^\[(.*)\]$/, "$1"));
}
