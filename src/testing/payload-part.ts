/** Some members of a payload, at any depth; arrays as a whole. */
export type PayloadPart<Payload> = Payload extends readonly unknown[]
  ? { readonly [Index in keyof Payload]: PayloadPart<Payload[Index]> }
  : Payload extends object
    ? { readonly [Member in keyof Payload]?: PayloadPart<Payload[Member]> }
    : Payload;

/** Every member of `part` is in `whole`, arrays of equal length. */
export function containsPart(whole: unknown, part: unknown): boolean {
  if (typeof part !== "object" || part === null) return Object.is(whole, part);
  if (typeof whole !== "object" || whole === null) return false;
  if (Array.isArray(part) !== Array.isArray(whole)) return false;
  if (Array.isArray(part) && part.length !== Object.keys(whole).length) return false;
  return Object.entries(part).every(
    ([key, member]) => Object.hasOwn(whole, key) && containsPart(Reflect.get(whole, key), member),
  );
}
