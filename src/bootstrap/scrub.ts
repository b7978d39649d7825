/**
 * An error with the name, the words and the code of another, and of its causes, and nothing else of it: drivers put on theirs what they sent, a
 * password too. Nor is a password of the URL left in the words.
 */
export function scrub(error: unknown, url: string, depth = 4): Error {
  const words = without(secretsOf(url), wordsOf(error));
  if (!(error instanceof Error)) return new Error(words);
  const hasCause = error.cause !== undefined && depth > 0;
  const fresh = new Error(words, hasCause ? { cause: scrub(error.cause, url, depth - 1) } : {});
  fresh.name = error.name;
  const code: unknown = "code" in error ? error.code : undefined;
  return typeof code === "string" ? Object.assign(fresh, { code }) : fresh;
}

/** A host with two addresses that are both closed is an error of errors, which says nothing itself. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") {
    return error.errors.map(wordsOf).join("; ");
  }
  return error instanceof Error ? error.message : "something that is no error was thrown";
}

function secretsOf(url: string): readonly string[] {
  const asWritten = /:\/\/[^:]*:(.*)@/.exec(url)?.[1] ?? "";
  return [url, asWritten, decoded(asWritten)].filter((secret) => secret !== "");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function without(secrets: readonly string[], words: string): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, "***"), words);
}
