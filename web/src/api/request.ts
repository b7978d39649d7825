import { ApiProblem, NoAnswer } from "./api-problem.ts";

/** The address of something the API has: `jobs/12`, below wherever the dashboard is mounted. */
export const apiUrl = (path: string): URL => new URL(`api/${path}`, document.baseURI);

/** Reads something. @throws ApiProblem when it is refused, NoAnswer when nobody answers. */
export async function read<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  const response = await ask(path, signal === undefined ? {} : { signal });
  return (await response.json()) as Answer;
}

/** Does something. @throws ApiProblem when it is refused, NoAnswer when nobody answers. */
export async function act<Answer>(
  path: string,
  body: object = {},
  signal?: AbortSignal,
): Promise<Answer> {
  const response = await ask(path, {
    ...(signal === undefined ? {} : { signal }),
    method: "POST",
    // The second header cannot be sent by another site's form, so it proves where this comes from.
    headers: { "content-type": "application/json", "x-holdfast": "1" },
    body: JSON.stringify(body),
  });
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

async function ask(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(apiUrl(path), { credentials: "same-origin", ...init }).catch(
    (error: unknown) => {
      if (init.signal?.aborted === true) throw error;
      throw new NoAnswer("no answer", { cause: error });
    },
  );
  if (!response.ok) throw await ApiProblem.of(response);
  return response;
}

type QueryValue = string | number | boolean | null | undefined;

/** A path with its query; what is undefined, null or empty is left out. */
export function withQuery(path: string, query: Readonly<Record<string, QueryValue>>): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined || value === null || value === "" ? [] : [[key, String(value)] as const],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(Object.fromEntries(given))}`;
}
