import { createHash, timingSafeEqual } from "node:crypto";
import { isName } from "../../core/check-options.ts";
import type { Authorize } from "../../dashboard/access/authorize.ts";
import { isLocal } from "../../dashboard/access/local.ts";
import type { RequestHandler } from "../../http/health-handler.ts";
import { problemResponse } from "../../http/problem.ts";

/** Who is let in by a dashboard that stands alone, and what those outside are told. */
export interface Door {
  readonly authorize: Authorize;
  refuse(): Response;
}

/** Lets in who is on this machine. */
export function localDoor(by: string): Door {
  return {
    authorize: (request, caller) => isLocal(request, caller) && { role: "admin", actor: by },
    refuse: () =>
      problemResponse({
        status: 403,
        title: "Forbidden",
        code: "FORBIDDEN",
        detail:
          "This dashboard lets in only this machine, directly and by the name localhost. Set HOLDFAST_DASHBOARD_PASSWORD to let others in.",
      }),
  };
}

/** Lets in who knows the password (HTTP Basic); the user name is what they are called in the audit. */
export function passwordDoor(password: string, by: string): Door {
  return {
    authorize({ headers }) {
      const told = credentialsOf(headers.get("authorization"));
      if (told === undefined || !isSame(told.password, password)) return false;
      return { role: "admin", actor: isName(told.user) ? told.user : by };
    },
    refuse: () =>
      problemResponse(
        {
          status: 401,
          title: "Unauthorized",
          code: "NOT_AUTHENTICATED",
          detail: "Give the password of this dashboard, with any user name.",
        },
        { "www-authenticate": 'Basic realm="Holdfast", charset="UTF-8"' },
      ),
  };
}

/** Puts a door before a dashboard, its page included; only probes are answered outside. */
export function behindDoor(
  dashboard: RequestHandler,
  { authorize, refuse }: Door,
  basePath: string,
): RequestHandler {
  const probes = ["livez", "readyz", "healthz"].map((name) => `${basePath}/${name}`);
  return async (request, caller = {}) => {
    const isProbe = probes.includes(new URL(request.url).pathname);
    const isIn = isProbe || (await authorize(request, caller));
    return isIn ? dashboard(request, caller) : refuse();
  };
}

function credentialsOf(header: string | null) {
  const [, encoded] = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(header ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const [, user = "", password = ""] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString()) ?? [];
  return { user, password };
}

/** Takes as long for a password that is nearly right as for any other. */
function isSame(told: string, password: string): boolean {
  const [a, b] = [told, password].map((text) => createHash("sha256").update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
