/** Writes a number with its noun as a language does: `1 job`, `48,213 jobs`. */
export function counting(language: string) {
  const format = new Intl.NumberFormat(language);
  return (count: number, one: string, other: string): string =>
    `${format.format(count)} ${count === 1 ? one : other}`;
}
