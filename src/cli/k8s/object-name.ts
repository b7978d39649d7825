import { wrongUsage } from "../exit-codes.ts";

const label = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const longestLabel = 63;
const longestSubdomain = 253;

/** True for a label of RFC 1123, which Kubernetes takes for namespaces, containers and most objects. */
export function isLabel(name: string, longest: number = longestLabel): boolean {
  return name.length <= longest && label.test(name);
}

/**
 * Gives a label of RFC 1123 back.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for any other text.
 */
export function checkLabel(option: string, name: string): string {
  if (isLabel(name)) return name;
  throw wrongUsage(
    `${option} takes lower-case letters, digits and dashes, at most ${longestLabel}; got ${JSON.stringify(name)}.`,
  );
}

/**
 * Gives the name of a Secret or ConfigMap back: labels of RFC 1123 with dots between them.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for any other text.
 */
export function checkSubdomain(option: string, name: string): string {
  if (name.length <= longestSubdomain && name.split(".").every((each) => label.test(each))) {
    return name;
  }
  throw wrongUsage(
    `${option} takes lower-case letters, digits, dashes and dots, at most ${longestSubdomain}; got ${JSON.stringify(name)}.`,
  );
}
