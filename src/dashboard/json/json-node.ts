/** JSON as it is written: numbers keep their digits, members their order, and keys that come twice come twice. */
export type JsonNode =
  | { readonly kind: "object"; readonly members: readonly JsonMember[] }
  | { readonly kind: "array"; readonly items: readonly JsonNode[] }
  | { readonly kind: "string"; readonly value: string }
  /** `text` is the number as it is written, whatever its size. */
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "literal"; readonly value: boolean | null };

/** A member of an object. */
export interface JsonMember {
  readonly key: string;
  readonly value: JsonNode;
}
