import { isName, kindOf, rule } from "./check-options.ts";
import { defaults } from "./defaults.ts";
import { HoldfastError } from "./errors.ts";

/** Chooses the queue for a job's name, for jobs that name none; `undefined` is the queue `default`. */
export type Router = (name: string) => string | undefined;

/** A router whose answers are checked. */
export type Route = (name: string) => string;

/** Everything to the queue `default`. */
export const defaultRoute: Route = () => defaults.queue;

/**
 * Checks what a router answers.
 *
 * @throws {HoldfastError} from the route: `INVALID_OPTION` for an answer that is no queue's name; what the router throws.
 */
export function routeBy(router: Router | undefined): Route {
  if (router === undefined) return defaultRoute;
  return (name) => {
    const queue: unknown = router(name);
    if (queue === undefined) return defaults.queue;
    if (isName(queue)) return queue;
    throw new HoldfastError(
      "INVALID_OPTION",
      `The router gave ${kindOf(queue)} for ${JSON.stringify(name)}; a queue's name must be ${rule.text.is}.`,
    );
  };
}
