/** The languages of the dashboard, by their own names. */
export const languages = { en: "English", de: "Deutsch" } as const;

export type Language = keyof typeof languages;

/** True for the code of a language the dashboard speaks. */
export const isLanguage = (code: string): code is Language => Object.hasOwn(languages, code);

/** The first of the reader's languages that the dashboard speaks; English when it speaks none. */
export function preferredLanguage(wanted: readonly string[]): Language {
  const known = wanted.map((tag) => tag.split("-")[0]?.toLowerCase() ?? "").find(isLanguage);
  return known ?? "en";
}

/** The reader's own region where it is of that language, such as `en-GB`, so that dates look familiar. */
export function localeFor(language: Language, wanted: readonly string[]): string {
  return wanted.find((tag) => tag.split("-")[0]?.toLowerCase() === language) ?? language;
}
