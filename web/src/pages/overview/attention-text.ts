import type { Attention } from "../../../../src/dashboard/wire/overview.ts";
import type { Catalogue } from "../../text/catalogue.ts";

type Texts = Catalogue["overview"]["attention"];

/** Says an entry in the reader's language; as the server says it when the page is too old to know its kind. */
export function attentionText({ kinds }: Texts, entry: Attention): string {
  const { kind, subject, count, text } = entry;
  return Object.hasOwn(kinds, kind) ? kinds[kind](subject, count ?? 0) : text;
}
