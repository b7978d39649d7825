/**
 * A value given as the JSON text it is to be stored as, so that integers of any size keep their digits. Made by those who have
 * text already. What checks values is given `value`, in which such integers are rounded.
 */
export class JsonText {
  readonly text: string;
  readonly value: unknown;

  /** Throws a `SyntaxError` for what is no JSON. */
  constructor(text: string) {
    this.value = JSON.parse(text);
    this.text = text;
  }

  /** What the audit writes of it. */
  toJSON(): unknown {
    return this.value;
  }
}

/** The value itself of one that may be given as text. */
export function plainValue(given: unknown): unknown {
  return given instanceof JsonText ? given.value : given;
}
