/** Processes that run to completion: identity, state, telemetry and a clean end. */
export { bootstrap } from "./bootstrap/bootstrap.ts";
export type { BootstrapOptions } from "./bootstrap/bootstrap-options.ts";
export type { Environment } from "./bootstrap/environment.ts";
export { serviceExitCodes } from "./bootstrap/exit-codes.ts";
export type { Service } from "./bootstrap/service.ts";
export type { PgPool, RedisClient } from "./bootstrap/state-shapes.ts";
export type { State } from "./bootstrap/state.ts";
export type { Auth } from "./identity/auth.ts";
export type { AuthContext, AuthKind } from "./identity/auth-context.ts";
export type { OAuthClient } from "./identity/client-credentials-minter.ts";
export type { Credential } from "./identity/credential.ts";
export { currentAuth } from "./identity/current-auth.ts";
export type { IdentityOptions } from "./identity/identity-options.ts";
export type { MintedToken, Minter, MintRequest } from "./identity/minter.ts";
export type {
  OutgoingRequest,
  Propagatable,
  RequestPlan,
  SettableHeaders,
} from "./identity/propagate.ts";
