import type { ErrorCode } from "../core/errors.ts";

/** What went wrong, in the words of RFC 9457. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  /** What to do about it. No names of hosts and no values: whoever can reach the port reads it. */
  readonly detail: string;
  readonly code?: ErrorCode;
  readonly checks?: Readonly<Record<string, string>>;
  /** Facts for programs. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Answers are of the moment. */
export const noStore = { "cache-control": "no-store" } as const;

/** A problem as an answer. */
export function problemResponse(
  problem: Problem,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return Response.json(
    { type: "about:blank", ...problem },
    {
      status: problem.status,
      headers: { ...noStore, "content-type": "application/problem+json", ...headers },
    },
  );
}
