/** A comparison written before a value: later or longer, earlier or shorter, contains. */
export type Operator = "" | ">" | "<" | "~";

/** One value of a token, and where it stands in the text. */
export interface Value {
  readonly operator: Operator;
  /** Without quotes and their escapes. */
  readonly text: string;
  /** True when it stands in quotes, and so is text whatever it looks like. */
  readonly quoted: boolean;
  readonly from: number;
  readonly to: number;
}

/** A condition as it is written, or a bare word; positions are of the text, `to` being after the last character. */
export interface Token {
  readonly from: number;
  readonly to: number;
  /** True for a condition with `-` before it. */
  readonly negated: boolean;
  /** What stands before the colon, up to its first dot; `null` for a bare word. */
  readonly field: string | null;
  /** The keys after the first dot: `payload.user.id` has `user` and `id`. */
  readonly path: readonly string[];
  /** Where the values begin: after the colon. */
  readonly valuesFrom: number;
  /** Those between the commas; never empty, though a value's text may be. */
  readonly values: readonly Value[];
  /** False when a quote is open at the end of the text. */
  readonly closed: boolean;
}

/**
 * Cuts the text of a filter into its conditions. Takes any text, in time that grows with its length.
 */
export function tokenise(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = skipBlanks(text, 0);
  while (at < text.length) {
    const token = readToken(text, at);
    tokens.push(token);
    at = skipBlanks(text, token.to);
  }
  return tokens;
}

/** True for what separates conditions. */
export function isBlank(character: string | undefined): boolean {
  return character !== undefined && /\s/.test(character);
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text[at])) at += 1;
  return at;
}

function readToken(text: string, from: number): Token {
  const negated = text[from] === "-";
  const head = readHead(text, negated ? from + 1 : from);
  if (head === undefined) return readBare(text, from);
  const { steps, to: colon } = head;
  const values: Value[] = [];
  let at = colon;
  let closed = true;
  do {
    const value = readValue(text, at + 1);
    values.push(value.value);
    closed = value.closed;
    at = value.value.to;
  } while (text[at] === ",");
  const [field = "", ...path] = steps;
  return { from, to: at, negated, field, path, valuesFrom: colon + 1, values, closed };
}

/** A field and its path, up to the colon; `undefined` when none is there. */
function readHead(text: string, from: number): { steps: string[]; to: number } | undefined {
  if (text[from] === '"') return undefined;
  const steps: string[] = [];
  let step = "";
  for (let at = from; at < text.length; at++) {
    const character = text[at] as string;
    if (character === ":") return at === from ? undefined : { steps: [...steps, step], to: at };
    // A backslash is in no name; and were its quote to open one, each word could read on to the end of the text.
    if (isBlank(character) || character === "\\") return undefined;
    if (character === ".") {
      steps.push(step);
      step = "";
    } else if (character === '"') {
      const quoted = readQuoted(text, at);
      step += quoted.text;
      at = quoted.to - 1;
    } else step += character;
  }
  return undefined;
}

function readBare(text: string, from: number): Token {
  const { value, closed } = readUntil(text, from, from, "", isBlank);
  const { to } = value;
  return {
    from,
    to,
    negated: false,
    field: null,
    path: [],
    valuesFrom: from,
    values: [value],
    closed,
  };
}

function readValue(text: string, from: number): { value: Value; closed: boolean } {
  const first = text[from];
  const operator: Operator = first === ">" || first === "<" || first === "~" ? first : "";
  const start = from + operator.length;
  return readUntil(text, from, start, operator, (character) => {
    return character === "," || isBlank(character);
  });
}

/** Text to the next end, or in quotes and whatever is stuck to them. */
function readUntil(
  text: string,
  from: number,
  start: number,
  operator: Operator,
  isEnd: (character: string | undefined) => boolean,
): { value: Value; closed: boolean } {
  const quoted = text[start] === '"' ? readQuoted(text, start) : undefined;
  const rest = quoted?.to ?? start;
  let to = rest;
  while (to < text.length && !isEnd(text[to])) to += 1;
  const value = {
    operator,
    text: (quoted?.text ?? "") + text.slice(rest, to),
    quoted: quoted !== undefined,
    from,
    to,
  };
  return { value, closed: quoted?.closed ?? true };
}

/** What stands in quotes; a backslash makes the quote or backslash after it one like others. */
function readQuoted(text: string, from: number): { text: string; to: number; closed: boolean } {
  const parts: string[] = [];
  let begin = from + 1;
  for (let at = begin; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      parts.push(text.slice(begin, at));
      return { text: parts.join(""), to: at + 1, closed: true };
    }
    const next = text[at + 1];
    if (character === "\\" && (next === '"' || next === "\\")) {
      parts.push(text.slice(begin, at));
      begin = at + 1;
      at += 1;
    }
  }
  parts.push(text.slice(begin));
  return { text: parts.join(""), to: text.length, closed: false };
}
