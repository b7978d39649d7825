import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import { type Formats, makeFormats } from "../format/formats.ts";
import { remembered } from "../shell/remembered.ts";
import type { Catalogue } from "./catalogue.ts";
import { isLanguage, type Language, localeFor, preferredLanguage } from "./language.ts";

interface Spoken {
  readonly language: Language;
  readonly text: Catalogue;
  readonly formats: Formats;
  readonly speak: (language: Language) => void;
}

const Context = createContext<Spoken | undefined>(undefined);

const loaders: Readonly<Record<Language, () => Promise<Catalogue>>> = {
  en: async () => (await import("./en.ts")).en,
  de: async () => (await import("./de.ts")).de,
};

const chosen = remembered("language");

/** The language the reader chose, else the browser's. */
export function startLanguage(): Language {
  const kept = chosen.get();
  return kept !== undefined && isLanguage(kept) ? kept : preferredLanguage(navigator.languages);
}

/** Loads a language's texts. */
export const loadText = (language: Language): Promise<Catalogue> => loaders[language]();

interface TextProviderProps {
  readonly start: { readonly language: Language; readonly text: Catalogue };
  readonly children: ReactNode;
}

/** Gives all below it texts and formats in the reader's language. */
export function TextProvider({ start, children }: TextProviderProps) {
  const [{ language, text }, change] = useState(start);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const spoken = useMemo(() => {
    const speak = (next: Language) => {
      chosen.set(next);
      void loadText(next).then((loaded) => change({ language: next, text: loaded }));
    };
    const formats = makeFormats(localeFor(language, navigator.languages));
    return { language, text, formats, speak };
  }, [language, text]);
  return <Context value={spoken}>{children}</Context>;
}

function useSpoken(): Spoken {
  const spoken = use(Context);
  if (spoken === undefined) throw new Error("outside of TextProvider");
  return spoken;
}

/** Everything the dashboard says, in the reader's language. */
export const useText = (): Catalogue => useSpoken().text;

/** Numbers, dates and durations as the reader writes them. */
export const useFormats = (): Formats => useSpoken().formats;

/** The reader's language, and how to change it. */
export function useLanguage(): Pick<Spoken, "language" | "speak"> {
  return useSpoken();
}
