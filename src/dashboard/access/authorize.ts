import { isName, kindOf } from "../../core/check-options.ts";
import { HoldfastError } from "../../core/errors.ts";
import type { Caller } from "../../http/caller.ts";
import { type Permission, permissions, type Role, rolePermissions } from "./permission.ts";
import type { Visitor } from "./visitor.ts";

/** What somebody may do in the dashboard: all that a role may, or what a list names. */
export type Grant =
  | Role
  | readonly Permission[]
  | {
      readonly role: Role;
      /** Who they are in the audit; default the dashboard's `by`. */
      readonly actor?: string | undefined;
    }
  | {
      readonly permissions: readonly Permission[];
      /** Who they are in the audit; default the dashboard's `by`. */
      readonly actor?: string | undefined;
    };

/**
 * Says what whoever sent a request may do: a role, a list of permissions, or either with the name for the audit. Nothing, `null` or `false`
 * says that nobody is signed in, and refuses. It must leave the body unread. When it throws, the request is refused too.
 */
export type Authorize = (request: Request, caller: Caller) => GrantOrNone | Promise<GrantOrNone>;

/** A grant, or what stands for none. */
export type GrantOrNone = Grant | false | null | undefined | void;

/** What `authorize` said of somebody. */
export interface Granted extends Pick<Visitor, "role" | "permissions"> {
  /** `undefined` when it named nobody. */
  readonly actor: string | undefined;
}

/**
 * What `authorize` said of whoever asks; `undefined` when it said that nobody is signed in.
 *
 * @throws {HoldfastError} `AUTHORIZE_FAILED` when it said something else than it may.
 */
export function readGrant(grant: unknown): Granted | undefined {
  if (grant === undefined || grant === null || grant === false) return undefined;
  if (typeof grant === "string") return ofRole(grant, undefined);
  if (Array.isArray(grant)) return ofList(grant, undefined);
  if (typeof grant !== "object") throw wrong(`gave ${kindOf(grant)}`);
  const { role, permissions: list, actor } = grant as Readonly<Record<string, unknown>>;
  if (actor !== undefined && !isName(actor))
    throw wrong("gave an actor that is no text of 1 to 255 characters");
  if (Array.isArray(list) && role === undefined) return ofList(list, actor);
  if (typeof role === "string" && list === undefined) return ofRole(role, actor);
  throw wrong("gave an object without a role, without a list of permissions, or with both");
}

function ofRole(role: string, actor: string | undefined): Granted {
  if (!isRole(role)) {
    throw wrong(`gave the role ${kindOf(role)}; there are ${Object.keys(rolePermissions).join()}`);
  }
  return { actor, role, permissions: new Set(rolePermissions[role]) };
}

function ofList(list: readonly unknown[], actor: string | undefined): Granted {
  const unknown = list.find((name) => !isPermission(name));
  if (unknown !== undefined || !list.every(isPermission)) {
    throw wrong(`gave the permission ${kindOf(unknown)}; there are ${permissions.join()}`);
  }
  return { actor, role: null, permissions: new Set(list) };
}

function isRole(name: string): name is Role {
  return Object.hasOwn(rolePermissions, name);
}

function isPermission(name: unknown): name is Permission {
  return (permissions as readonly unknown[]).includes(name);
}

function wrong(what: string): HoldfastError {
  return new HoldfastError("AUTHORIZE_FAILED", `The dashboard's authorize ${what}.`);
}
