import { HoldfastError } from "../../core/errors.ts";
import type { Caller } from "../../http/caller.ts";
import { type Authorize, readGrant } from "./authorize.ts";
import { isLocal } from "./local.ts";
import { networkOf } from "./network.ts";
import { type Permission, rolePermissions } from "./permission.ts";
import type { Visitor } from "./visitor.ts";

/** Knows who asks. */
export interface Gatekeeper {
  /**
   * Who sent a request.
   *
   * @throws {HoldfastError} `NOT_AUTHENTICATED`, `FORBIDDEN`, `AUTHORIZE_FAILED` when `authorize` threw or made no sense.
   */
  visitor(request: Request, caller: Caller): Promise<Visitor>;
  /**
   * Refuses whoever may not even see the page, which holds no data.
   *
   * @throws {HoldfastError} `FORBIDDEN`.
   */
  checkPage(request: Request, caller: Caller): void;
}

/** The gatekeeper of a dashboard. Without `authorize` only this machine is let in, to look. */
export function createGatekeeper(authorize: Authorize | undefined, by: string): Gatekeeper {
  if (authorize === undefined) {
    return {
      async visitor(request, caller) {
        checkLocal(request, caller);
        const permissions = new Set(rolePermissions.viewer);
        return { actor: by, identity: "here", role: "viewer", permissions };
      },
      checkPage: checkLocal,
    };
  }
  return {
    async visitor(request, caller) {
      const granted = readGrant(await ask(authorize, request, caller));
      if (granted !== undefined) {
        const { actor = by } = granted;
        const unnamed = `network:${networkOf(caller.remoteAddress)}`;
        const identity = granted.actor === undefined ? unnamed : `actor:${actor}`;
        return { ...granted, actor, identity };
      }
      throw new HoldfastError("NOT_AUTHENTICATED", "Sign in, and ask again.");
    },
    checkPage: () => {},
  };
}

/**
 * Refuses what a visitor may not do.
 *
 * @throws {HoldfastError} `FORBIDDEN`.
 */
export function checkPermission(visitor: Visitor, anyOf: readonly Permission[]): void {
  if (anyOf.some((permission) => visitor.permissions.has(permission))) return;
  const message = `This needs the permission ${anyOf.join(" or ")}. Ask whoever runs this dashboard for it.`;
  throw new HoldfastError("FORBIDDEN", message, { details: { permissions: anyOf } });
}

async function ask(authorize: Authorize, request: Request, caller: Caller): Promise<unknown> {
  try {
    return await authorize(request, caller);
  } catch (cause) {
    throw new HoldfastError("AUTHORIZE_FAILED", "The dashboard's authorize threw.", { cause });
  }
}

function checkLocal(request: Request, caller: Caller): void {
  if (isLocal(request, caller)) return;
  const message =
    "This dashboard has no authorize, so it lets in only this machine, directly and by the name localhost. Give createDashboard an authorize to let others in.";
  throw new HoldfastError("FORBIDDEN", message);
}
