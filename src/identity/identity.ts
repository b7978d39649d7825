import type { Logger } from "../core/logger.ts";
import { type Auth, type AuthParts, createAuth } from "./auth.ts";
import type { IdentitySettings } from "./identity-options.ts";
import { createTokenKeeper } from "./token-keeper.ts";
import { mintOnce } from "./token-source.ts";

/** A service's own identity while the service runs. */
export interface Identity {
  readonly auth: Auth;
  /** Mints no more tokens. */
  stop(): void;
}

/** The identity that these settings give; nothing is minted before it is asked for. */
export function createIdentity(
  { source, patienceMs }: IdentitySettings,
  logger: Logger,
  trace: AuthParts["trace"],
): Identity {
  const keeper = createTokenKeeper({
    mint: (signal) => mintOnce(source, signal),
    patienceMs,
    logger,
    random: Math.random,
  });
  return { auth: createAuth({ current: keeper.current, trace }), stop: keeper.stop };
}
