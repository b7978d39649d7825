import { HoldfastError } from "../core/errors.ts";

/** One request to an issuer. */
export interface IssuerRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
}

const timeoutMs = 5_000;

/** Answers below 500 that may be others in a while. */
const passing: readonly number[] = [408, 425, 429];

/**
 * Posts to an issuer and gives the object it answers with. What may be secret, on the way there or back, is in no error.
 *
 * @throws {HoldfastError} `IDENTITY_UNREACHABLE`, `IDENTITY_REFUSED`.
 */
export async function askIssuer(
  request: IssuerRequest,
): Promise<Readonly<Record<string, unknown>>> {
  const { headers, body, signal } = request;
  const url = shown(request.url);
  const response = await reach(url, () =>
    fetch(request.url, {
      method: "POST",
      headers: { accept: "application/json", ...headers },
      body,
      // A credential goes where it was meant to go, and nowhere else.
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    }),
  );
  const text = await reach(url, () => response.text());
  const answer = readObject(text);
  if (!response.ok) throw notGiven(url, response.status, answer);
  if (answer === undefined) throw refused(url, "its answer is no JSON object", response.status);
  return answer;
}

/** The error for an issuer that answered without handing out a token that can be used. */
export function refused(url: string, because: string, status = 200): HoldfastError {
  const where = shown(url);
  return new HoldfastError(
    "IDENTITY_REFUSED",
    `The issuer at ${where} gave no token: ${because}. Check the credential, audience and scopes against what it allows.`,
    { details: { url: where, status } },
  );
}

/** A URL without what might be secret in it. */
function shown(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

async function reach<T>(url: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw new HoldfastError(
      "IDENTITY_UNREACHABLE",
      `The issuer at ${url} does not answer (${shortly(cause)}).`,
      { cause, details: { url } },
    );
  }
}

function notGiven(
  url: string,
  status: number,
  answer: Readonly<Record<string, unknown>> | undefined,
): HoldfastError {
  if (status >= 500 || passing.includes(status)) {
    return new HoldfastError(
      "IDENTITY_UNREACHABLE",
      `The issuer at ${url} cannot hand out a token now (status ${status}).`,
      { details: { url, status } },
    );
  }
  if (status < 400) {
    const elsewhere =
      "it redirects, and a credential is not sent elsewhere; name the URL it leads to";
    return refused(url, `${elsewhere} (status ${status})`, status);
  }
  return refused(url, `it answered with status ${status}${oauthError(answer)}`, status);
}

/** The code by which OAuth 2 says what is wrong; nothing else of an answer is shown. */
function oauthError(answer: Readonly<Record<string, unknown>> | undefined): string {
  const code = answer?.["error"];
  return typeof code === "string" && /^[a-z_]{1,40}$/.test(code) ? ` (${code})` : "";
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** What is wrong with a connection, in a word: `ECONNREFUSED` says more than "fetch failed". */
function shortly(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code: unknown = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? code : error.name;
}
