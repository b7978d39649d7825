/** The same object with some members replaced; the others are the original's own. */
export function overridden<Whole extends object>(whole: Whole, part: Partial<Whole>): Whole {
  return Object.assign(Object.create(whole) as Whole, part);
}
