import type { Permission, Role } from "./permission.ts";

/** Who asks, once it is known that they may. */
export interface Visitor {
  /** Who they are in the audit. */
  readonly actor: string;
  /** By what they are told from others: the actor that `authorize` named, else the network they come from. */
  readonly identity: string;
  /** `null` when `authorize` gave a list of permissions. */
  readonly role: Role | null;
  readonly permissions: ReadonlySet<Permission>;
}
