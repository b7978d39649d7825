import { type AuthContext, anonymous } from "./auth-context.ts";
import { type HeaderValues, type Propagatable, setHeaders } from "./propagate.ts";

/** An identity to act under: always as it is now, never a copy that grows old. */
export interface Auth {
  /**
   * The identity, with a token that is good now; a new one is minted where the last has expired.
   *
   * @throws {HoldfastError} `IDENTITY_UNREACHABLE`, `IDENTITY_REFUSED`.
   */
  current(): Promise<AuthContext>;
  /**
   * Puts the identity on a request, and the trace it belongs to where telemetry runs: the headers `authorization`, `traceparent`
   * and `tracestate`. Takes a `Request`, `Headers`, the options of `fetch` or `http.request`, a request of `node:http`, or gRPC
   * `Metadata`, changes it and gives it back. Send it only to whom the token is meant for.
   *
   * @throws {HoldfastError} `IDENTITY_UNREACHABLE`, `IDENTITY_REFUSED` rather than to send an expired token; `INVALID_OPTION`.
   * @example
   * ```ts
   * const { auth } = await bootstrap("reports");
   * const init = await auth.propagate({ method: "POST", body: "{}" });
   * await fetch("https://billing.internal/invoices", init);
   * ```
   */
  propagate<Request extends Propagatable>(request: Request): Promise<Request>;
  /**
   * `fetch` under this identity.
   *
   * @throws {HoldfastError} as `propagate` does; and what `fetch` throws.
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
}

/** What an identity is made of. */
export interface AuthParts {
  current(): Promise<AuthContext>;
  /** The trace context of what runs now: a W3C `traceparent`, and after a space the `tracestate` when there is one. */
  trace(): string | undefined;
}

/** An identity. */
export function createAuth({ current, trace }: AuthParts): Auth {
  async function propagate<Target extends Propagatable>(request: Target): Promise<Target> {
    const token = (await current()).token();
    const identity: HeaderValues = token === "" ? {} : { authorization: `Bearer ${token}` };
    setHeaders(request, { ...identity, ...traceHeaders(trace()) });
    return request;
  }
  return {
    current,
    propagate,
    fetch: async (input, init) => fetch(await propagate(new Request(input, init))),
  };
}

/** No identity: nothing is said of who asks. */
export function anonymousAuth(trace: AuthParts["trace"]): Auth {
  return createAuth({ current: async () => anonymous, trace });
}

function traceHeaders(trace: string | undefined): HeaderValues {
  if (trace === undefined) return {};
  const [traceparent = "", ...rest] = trace.split(" ");
  const tracestate = rest.join(" ");
  return tracestate === "" ? { traceparent } : { traceparent, tracestate };
}
