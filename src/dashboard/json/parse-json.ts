import type { JsonMember, JsonNode } from "./json-node.ts";

/** A tree, or where the text stops being JSON and why. */
export type ParsedJson =
  | { readonly node: JsonNode }
  | { readonly at: number; readonly message: string };

/** An object or array whose end is still to come. */
type Open =
  | { readonly kind: "object"; readonly members: JsonMember[]; key: string }
  | { readonly kind: "array"; readonly items: JsonNode[] };

/** What may come next. */
type Wanted = "value" | "value or ]" | "key" | "key or }" | "comma or end";

class Refusal extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** Reads JSON text into a tree. Takes any text and any depth, in time that grows with its length, and never throws. */
export function parseJson(text: string): ParsedJson {
  try {
    return { node: new Reader(text).read() };
  } catch (error) {
    if (error instanceof Refusal) return { at: error.at, message: error.message };
    throw error;
  }
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const literals = { true: true, false: false, null: null } as const;

/** Reads with a stack of its own: the nesting of a payload must not become that of calls. */
class Reader {
  readonly #text: string;
  readonly #open: Open[] = [];
  #at = 0;
  #wanted: Wanted = "value";
  #root: JsonNode | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  read(): JsonNode {
    for (;;) {
      this.#skipBlanks();
      if (this.#at >= this.#text.length) break;
      this.#step(this.#text[this.#at] as string);
    }
    if (this.#root === undefined || this.#open.length > 0)
      throw this.#refusal("the text ends here");
    return this.#root;
  }

  #skipBlanks(): void {
    for (; this.#at < this.#text.length; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
    }
  }

  #step(character: string): void {
    if (this.#wanted === "comma or end") this.#afterValue(character);
    else if (this.#wanted === "key" || this.#wanted === "key or }") this.#keyOrEnd(character);
    else if (character === "]" && this.#wanted === "value or ]") this.#close();
    else this.#value(character);
  }

  #afterValue(character: string): void {
    const open = this.#open.at(-1);
    if (open === undefined) throw this.#refusal("nothing may come after the value");
    const end = open.kind === "array" ? "]" : "}";
    if (character === end) return this.#close();
    if (character !== ",") throw this.#refusal(`a comma or ${end} must come here`);
    this.#at += 1;
    this.#wanted = open.kind === "array" ? "value" : "key";
  }

  #keyOrEnd(character: string): void {
    if (character === "}" && this.#wanted === "key or }") return this.#close();
    if (character !== '"') throw this.#refusal("a key in double quotes must come here");
    const key = this.#string();
    this.#skipBlanks();
    if (this.#text[this.#at] !== ":") throw this.#refusal("a colon must come here");
    this.#at += 1;
    const open = this.#open.at(-1);
    if (open?.kind === "object") open.key = key;
    this.#wanted = "value";
  }

  #value(character: string): void {
    if (character === "{") {
      this.#at += 1;
      this.#open.push({ kind: "object", members: [], key: "" });
      this.#wanted = "key or }";
    } else if (character === "[") {
      this.#at += 1;
      this.#open.push({ kind: "array", items: [] });
      this.#wanted = "value or ]";
    } else if (character === '"') this.#put({ kind: "string", value: this.#string() });
    else this.#put(this.#word());
  }

  #close(): void {
    const closed = this.#open.pop();
    this.#at += 1;
    if (closed?.kind === "object") this.#put({ kind: "object", members: closed.members });
    else this.#put({ kind: "array", items: closed?.items ?? [] });
  }

  #put(node: JsonNode): void {
    const open = this.#open.at(-1);
    if (open === undefined) this.#root = node;
    else if (open.kind === "array") open.items.push(node);
    else open.members.push({ key: open.key, value: node });
    this.#wanted = "comma or end";
  }

  #string(): string {
    const from = this.#at;
    let to = from + 1;
    let escaped = false;
    for (; this.#text[to] !== '"'; to++) {
      if (to >= this.#text.length) throw this.#refusal("this text has no closing quote");
      if (this.#text.charCodeAt(to) < 32)
        throw this.#refusal("a line break must be written \\n", to);
      if (this.#text[to] !== "\\") continue;
      escaped = true;
      to += 1;
    }
    this.#at = to + 1;
    if (!escaped) return this.#text.slice(from + 1, to);
    try {
      return JSON.parse(this.#text.slice(from, to + 1)) as string;
    } catch {
      throw this.#refusal("this text has a backslash that means nothing", from);
    }
  }

  #word(): JsonNode {
    number.lastIndex = this.#at;
    const digits = number.exec(this.#text)?.[0];
    if (digits !== undefined) {
      this.#at += digits.length;
      return { kind: "number", text: digits };
    }
    for (const [word, value] of Object.entries(literals)) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return { kind: "literal", value };
    }
    throw this.#refusal("a value must come here");
  }

  #refusal(message: string, at = this.#at): Refusal {
    return new Refusal(at, message);
  }
}
