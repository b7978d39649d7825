import { AsyncLocalStorage } from "node:async_hooks";
import { HoldfastError } from "../core/errors.ts";
import type { Auth } from "./auth.ts";

const carried = new AsyncLocalStorage<Auth>();

/**
 * The identity that the code around acts under: inside `service.run`, and inside the handlers of workers made with a service's
 * client, after any number of awaits and calls.
 *
 * @throws {HoldfastError} `IDENTITY_NOT_CONFIGURED` elsewhere, rather than to let a call go out as nobody.
 * @example
 * ```ts
 * const response = await currentAuth().fetch("https://billing.internal/invoices");
 * ```
 */
export function currentAuth(): Auth {
  const auth = carried.getStore();
  if (auth !== undefined) return auth;
  throw new HoldfastError(
    "IDENTITY_NOT_CONFIGURED",
    "Nothing here carries an identity: call currentAuth() inside service.run(...) or a handler of a worker made with service.client, or pass auth along.",
  );
}

/** Runs a function, and all it starts, under an identity. */
export function actAs<T>(auth: Auth, run: () => T): T {
  return carried.run(auth, run);
}
