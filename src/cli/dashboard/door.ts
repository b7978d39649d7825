import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { isName } from "../../core/check-options.ts";
import type { Authorize } from "../../dashboard/access/authorize.ts";
import { isLocal } from "../../dashboard/access/local.ts";
import { networkOf } from "../../dashboard/access/network.ts";
import type { Caller } from "../../http/caller.ts";
import type { RequestHandler } from "../../http/health-handler.ts";
import { problemResponse } from "../../http/problem.ts";
import { createGuessLimit, type GuessLimit } from "./guess-limit.ts";

/** Who is let in by a dashboard that stands alone, and what those outside are told. */
export interface Door {
  readonly authorize: Authorize;
  /** What somebody is told who is not let in; `undefined` for those who are. */
  refusal(request: Request, caller: Caller): Response | undefined;
}

/** Lets in who is on this machine. */
export function localDoor(by: string): Door {
  return {
    authorize: (request, caller) => isLocal(request, caller) && { role: "admin", actor: by },
    refusal: (request, caller) =>
      isLocal(request, caller)
        ? undefined
        : problemResponse({
            status: 403,
            title: "Forbidden",
            code: "FORBIDDEN",
            detail:
              "This dashboard lets in only this machine, directly and by the name localhost. Set HOLDFAST_DASHBOARD_PASSWORD to let others in.",
          }),
  };
}

/** Lets in who knows the password (HTTP Basic); the user name is what they are called in the audit. Guessing it is slow. */
export function passwordDoor(password: string, by: string, limit = createGuessLimit()): Door {
  const digest = digesting();
  const wanted = digest(password);
  return {
    authorize({ headers }) {
      const told = credentialsOf(headers);
      if (told === undefined || !timingSafeEqual(digest(told.password), wanted)) return false;
      return { role: "admin", actor: isName(told.user) ? told.user : by };
    },
    refusal({ headers }, caller) {
      const told = credentialsOf(headers);
      if (told === undefined) return unknown();
      const who = whoOf(headers, caller);
      const waitMs = limit.waitMs(who);
      if (waitMs > 0) return tooMany(waitMs);
      return judge(limit, who, { told: digest(told.password), wanted });
    },
  };
}

/** Digests under a key of this process: of equal length, and of no use elsewhere. */
function digesting(): (text: string) => Buffer {
  const key = randomBytes(32);
  return (text) => createHmac("sha256", key).update(text).digest();
}

interface Digests {
  readonly told: Buffer;
  readonly wanted: Buffer;
}

/** Takes as long for a password that is nearly right as for any other. */
function judge(limit: GuessLimit, who: string, { told, wanted }: Digests): Response | undefined {
  if (timingSafeEqual(told, wanted)) {
    limit.passed(who);
    return undefined;
  }
  limit.failed(who, told.toString("base64"));
  return unknown();
}

/**
 * Who is counted: the other end of the connection, and behind a proxy whom that proxy has seen last. Whoever makes the header up is
 * somebody else each time, but shuts nobody out, and all together are few as well.
 */
function whoOf(headers: Headers, { remoteAddress }: Caller): string {
  const behind = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  return [remoteAddress, behind].map(networkOf).join(" ");
}

function unknown(): Response {
  return problemResponse(
    {
      status: 401,
      title: "Unauthorized",
      code: "NOT_AUTHENTICATED",
      detail: "Give the password of this dashboard, with any user name.",
    },
    { "www-authenticate": 'Basic realm="Holdfast", charset="UTF-8"' },
  );
}

function tooMany(waitMs: number): Response {
  const seconds = Math.ceil(waitMs / 1_000);
  return problemResponse(
    {
      status: 429,
      title: "Too Many Requests",
      code: "TOO_MANY_GUESSES",
      detail: `Too many wrong passwords came from where you are. Try again in ${seconds} s.`,
    },
    { "retry-after": String(seconds) },
  );
}

/** Puts a door before a dashboard, its page included; only probes are answered outside. */
export function behindDoor(
  dashboard: RequestHandler,
  { refusal }: Door,
  basePath: string,
): RequestHandler {
  const probes = ["livez", "readyz", "healthz"].map((name) => `${basePath}/${name}`);
  return async (request, caller = {}) => {
    const isProbe = probes.includes(new URL(request.url).pathname);
    return (isProbe ? undefined : refusal(request, caller)) ?? dashboard(request, caller);
  };
}

function credentialsOf(headers: Headers) {
  const [, encoded] = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(headers.get("authorization") ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const [, user = "", password = ""] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString()) ?? [];
  return { user, password };
}
