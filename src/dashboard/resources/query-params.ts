import type { Schema } from "../route.ts";

type Param = Schema & { readonly description: string };

/** The most rows any answer has. */
export const mostRows = 200;

/** Parameters that more than one route takes. */
export const params = {
  q: {
    type: "string",
    maxLength: 10_000,
    description: "Which jobs, in the filter language; all without it.",
  },
  limit: {
    type: "integer",
    minimum: 1,
    description: `How many, at most ${mostRows}.`,
  },
  after: { type: "string", maxLength: 100, description: "The `next` of the page before." },
} as const satisfies Readonly<Record<string, Param>>;

/** How many rows are asked for. */
export function limitOf(query: URLSearchParams, usual = 50): number {
  return Math.min(wholeOf(query, "limit") ?? usual, mostRows);
}

/** A number of the query. */
export function wholeOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text === null || text === "" ? undefined : Number(text);
}

/** Those texts of the query that are there and not empty. */
export function textsOf<Name extends string>(
  query: URLSearchParams,
  ...names: readonly Name[]
): { readonly [Key in Name]?: string } {
  const given = names.flatMap((name) => {
    const text = query.get(name);
    return text === null || text === "" ? [] : [[name, text]];
  });
  return Object.fromEntries(given) as { readonly [Key in Name]?: string };
}
