import { wrongUsage } from "../exit-codes.ts";
import type { Value } from "./manifest.ts";
import { checkSubdomain } from "./object-name.ts";

/** Where all variables of a pod's environment come from, as Kubernetes writes it. */
export type EnvironmentSource = { readonly [key: string]: Value };

const references: Readonly<Record<string, string>> = {
  secret: "secretRef",
  configmap: "configMapRef",
};

/**
 * The secrets and config maps that `--env-from` names: `secret:NAME`, `configmap:NAME`, or a secret's name alone.
 *
 * @throws {HoldfastError} `INVALID_OPTION` for another kind, and for what is no name.
 */
export function environmentFrom(texts: readonly string[]): readonly EnvironmentSource[] {
  return texts.map((text) => {
    const at = text.indexOf(":");
    const kind = at === -1 ? "secret" : text.slice(0, at);
    const reference = references[kind.toLowerCase()];
    if (reference === undefined) {
      throw wrongUsage(
        `--env-from takes secret:NAME or configmap:NAME; got ${JSON.stringify(text)}.`,
      );
    }
    return { [reference]: { name: checkSubdomain("--env-from", text.slice(at + 1)) } };
  });
}
