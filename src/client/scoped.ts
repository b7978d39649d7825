import type { Client } from "../core/client.ts";
import { checkClientScope, type ClientScope } from "../core/client-scope.ts";
import { attachEngine, engineOf } from "../service/engine.ts";
import { createEnqueue, type EnqueueWay } from "./enqueue.ts";

/** `client.scoped`; a scope within a scope adds to it. */
export function createScoped(
  way: EnqueueWay,
  client: () => Client,
  outer: ClientScope = {},
): Client["scoped"] {
  return (inner) => {
    checkClientScope(inner);
    const scope = { ...outer, ...inner };
    const own = { ...createEnqueue(way, scope), scoped: createScoped(way, client, scope) };
    return attachEngine({ ...client(), ...own }, engineOf(client()));
  };
}
