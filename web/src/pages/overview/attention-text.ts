import type { Attention } from "../../../../src/dashboard/wire/overview.ts";
import type { Catalogue } from "../../text/catalogue.ts";

type Texts = Catalogue["overview"]["attention"];

type Known = keyof Texts["kinds"];

/** Says an entry in the reader's language; what the page has no words for as the server says it. */
export function attentionText({ kinds }: Texts, entry: Attention): string {
  const { kind, subject, count, text } = entry;
  return isKnown(kinds, kind) ? kinds[kind](subject, count ?? 0) : text;
}

const isKnown = (kinds: Texts["kinds"], kind: string): kind is Known => Object.hasOwn(kinds, kind);
