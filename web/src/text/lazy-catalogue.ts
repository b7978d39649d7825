import type { Catalogue, FirstTexts } from "./catalogue.ts";

/** All texts, of which only the first are there: asking for another fetches the rest. */
export function lazyCatalogue(first: FirstTexts, all: { read(): Catalogue }): Catalogue {
  const known: Partial<Catalogue> = first;
  const get = (_: object, area: keyof Catalogue) => known[area] ?? all.read()[area];
  // Everything the type promises is answered by `get`.
  return new Proxy(
    {},
    { get: (target, area) => get(target, area as keyof Catalogue) },
  ) as Catalogue;
}
