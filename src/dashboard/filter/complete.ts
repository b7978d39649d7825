import { type Field, fieldOf, fields, type OfferedValue } from "./fields.ts";
import { isBlank, type Token, tokenise, type Value } from "./tokenise.ts";

/** What stands at the caret and can be completed: the text from `from` to `to` is what is to be replaced. */
export type Completion =
  /** The name of a field; `fields` are those that begin so. */
  | {
      readonly kind: "field";
      readonly from: number;
      readonly to: number;
      readonly prefix: string;
      readonly fields: readonly Field[];
    }
  /** A key of a payload's path, after the keys of `path`; `api/jobs/values?field=payload` knows more. */
  | {
      readonly kind: "path";
      readonly from: number;
      readonly to: number;
      readonly path: readonly string[];
      readonly prefix: string;
    }
  /** A value; `values` are those known without asking, and `ask` says that `api/jobs/values` knows more. */
  | {
      readonly kind: "value";
      readonly from: number;
      readonly to: number;
      readonly field: Field;
      readonly path: readonly string[];
      readonly prefix: string;
      readonly values: readonly OfferedValue[];
      readonly ask: boolean;
    };

/**
 * What is being written where the caret stands, with what can be offered for it; `undefined` where nothing can, as inside words of
 * an error. Takes any text and any caret.
 */
export function complete(text: string, caret: number): Completion | undefined {
  const at = Math.max(0, Math.min(text.length, caret));
  const token = tokenise(text).find(({ from, to }) => from <= at && at <= to);
  // Between conditions, and right before one, another begins.
  if (token === undefined || (token.from === at && !isBlank(text[at]))) {
    return token === undefined || at === token.from ? fieldAt(at, at, "") : undefined;
  }
  if (token.field === null) return completeWord(text, token, at);
  if (at < token.valuesFrom) return completeHead(text, token, at);
  return completeValue(token, at);
}

function fieldAt(from: number, to: number, prefix: string): Completion {
  const found = fields.filter(({ name }) => name.startsWith(prefix));
  return { kind: "field", from, to, prefix, fields: found };
}

/** A word that may become a field, or already has the beginning of a path. */
function completeWord(text: string, token: Token, at: number): Completion | undefined {
  const word = text.slice(token.from, token.to);
  const begin = word.startsWith("-") ? token.from + 1 : token.from;
  const [head = "", ...keys] = word.slice(begin - token.from).split(".");
  if (keys.length > 0 && fieldOf(head)?.kind === "payload") {
    return pathAt(begin + head.length + 1, token.to, keys, at);
  }
  const prefix = text.slice(begin, at);
  const completion = fieldAt(begin, token.to, prefix);
  return completion.kind === "field" && completion.fields.length === 0 ? undefined : completion;
}

function completeHead(text: string, token: Token, at: number): Completion | undefined {
  const begin = token.negated ? token.from + 1 : token.from;
  const end = token.valuesFrom - 1;
  const [head = "", ...keys] = text.slice(begin, end).split(".");
  if (at > begin + head.length && keys.length > 0 && fieldOf(head)?.kind === "payload") {
    return pathAt(begin + head.length + 1, end, keys, at);
  }
  return fieldAt(
    begin,
    Math.min(end, begin + head.length),
    text.slice(begin, Math.min(at, begin + head.length)),
  );
}

/** The key of a path in which the caret stands. */
function pathAt(
  begin: number,
  end: number,
  keys: readonly string[],
  at: number,
): Completion | undefined {
  let from = begin;
  for (const [index, key] of keys.entries()) {
    const to = from + key.length;
    if (at <= to) {
      const path = keys.slice(0, index).map(unquoted);
      return {
        kind: "path",
        from,
        to: Math.min(to, end),
        path,
        prefix: unquoted(key.slice(0, at - from)),
      };
    }
    from = to + 1;
  }
  return undefined;
}

function unquoted(key: string): string {
  return key.replaceAll('"', "");
}

function completeValue(token: Token, at: number): Completion | undefined {
  const field = fieldOf(token.field ?? "");
  if (field === undefined) return undefined;
  const value = token.values.find(({ from, to }) => from <= at && at <= to);
  if (value === undefined) return undefined;
  const { from, to } = value;
  const prefix = value.operator + prefixOf(value, at);
  const values = field.offers.filter((offer) => offer.text.startsWith(prefix));
  const { path } = token;
  return { kind: "value", field, from, to, path, prefix, values, ask: field.lookedUp };
}

/** What of a value stands before the caret. */
function prefixOf({ text, quoted, operator, from }: Value, at: number): string {
  return text.slice(0, Math.max(0, at - from - operator.length - (quoted ? 1 : 0)));
}
