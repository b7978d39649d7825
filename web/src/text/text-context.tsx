import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
} from "react";
import { type ProblemText, problemText } from "../api/problem-text.ts";
import { type Formats, makeFormats } from "../format/formats.ts";
import { remembered } from "../shell/remembered.ts";
import type { Catalogue, FirstTexts } from "./catalogue.ts";
import { first as firstEnglish } from "./en/first.ts";
import { isLanguage, type Language, localeFor, preferredLanguage } from "./language.ts";
import { Late } from "./late.ts";
import { lazyCatalogue } from "./lazy-catalogue.ts";
import type { CodeWords } from "./problem-words.ts";

interface Spoken {
  readonly language: Language;
  readonly text: Catalogue;
  readonly formats: Formats;
  readonly problems: CodeWords | undefined;
  readonly speak: (language: Language) => void;
}

const Context = createContext<Spoken | undefined>(undefined);

const allTexts: Readonly<Record<Language, Late<Catalogue>>> = {
  en: new Late(async () => (await import("./en.ts")).en),
  de: new Late(async () => (await import("./de.ts")).de),
};

const firstTexts: Readonly<Record<Language, Late<FirstTexts>>> = {
  en: new Late(async () => firstEnglish),
  de: new Late(async () => (await import("./de/first.ts")).first),
};

const chosen = remembered("language");

/** The language the reader chose, else the browser's. */
export function startLanguage(): Language {
  const kept = chosen.get();
  return kept !== undefined && isLanguage(kept) ? kept : preferredLanguage(navigator.languages);
}

/** Fetches what the shell and the first page say in a language. */
export const loadFirstTexts = (language: Language): Promise<FirstTexts> =>
  firstTexts[language].fetch();

/** Fetches what all other pages say, in the language the reader has now. */
export const loadAllTexts = (): Promise<Catalogue> => allTexts[startLanguage()].fetch();

interface TextProviderProps {
  readonly start: { readonly language: Language; readonly first: FirstTexts };
  readonly children: ReactNode;
}

/** Gives all below it texts and formats in the reader's language. */
export function TextProvider({ start, children }: TextProviderProps) {
  const [{ language, first }, change] = useState(start);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const spoken = useMemo(() => {
    const speak = (next: Language) => {
      chosen.set(next);
      // All of them, so that no page on the screen has to wait for its own.
      void Promise.all([loadFirstTexts(next), allTexts[next].fetch()]).then(([loaded]) => {
        change({ language: next, first: loaded });
      });
    };
    const formats = makeFormats(localeFor(language, navigator.languages));
    const text = lazyCatalogue(first, allTexts[language]);
    return { language, text, formats, problems: first.problems, speak };
  }, [language, first]);
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

/** How to put failures in the reader's language. */
export function useProblemText(): (error: unknown) => ProblemText {
  const { text, problems } = useSpoken();
  const { words } = text;
  return useCallback((error) => problemText(error, { words, problems }), [words, problems]);
}

/** The reader's language, and how to change it. */
export function useLanguage(): Pick<Spoken, "language" | "speak"> {
  return useSpoken();
}
