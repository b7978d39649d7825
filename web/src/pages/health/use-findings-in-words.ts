import type { FindingSay } from "../../../../src/core/finding-words.ts";
import type { HealthFinding } from "../../../../src/dashboard/wire/health.ts";
import { oneFullStop } from "../../format/one-full-stop.ts";
import type { TitledFinding } from "../../text/finding-words.ts";
import type { Language } from "../../text/language.ts";
import { Late } from "../../text/late.ts";
import { useFormats, useLanguage, useText } from "../../text/text-context.tsx";

type AnyFindings = Readonly<Record<string, TitledFinding<unknown> | undefined>>;

/** What the API says is English; what is said in other languages is fetched with the first finding. */
const translations: Readonly<Record<Exclude<Language, "en">, Late<AnyFindings>>> = {
  // The code chooses the words for just this kind of finding, which types cannot follow.
  de: new Late(async () => (await import("../../text/de/findings.ts")).findings as AnyFindings),
};

function useTranslation(): AnyFindings {
  const { language } = useLanguage();
  return language === "en" ? {} : translations[language].read();
}

/** What is wrong, in the reader's language. */
export function useFindingTitle(code: string, english: string): string {
  return useTranslation()[code]?.title ?? english;
}

/** Says findings in the reader's language; of kinds the page does not know as the server says it. */
export function useFindingsInWords(findings: readonly HealthFinding[]): readonly HealthFinding[] {
  const translation = useTranslation();
  const { hidden } = useText().health;
  const formats = useFormats();
  const lists = new Intl.ListFormat(formats.locale);
  const say = { ...formats, list: (names: readonly string[]) => lists.format(names) };
  return findings.map((finding) => inWords(finding, translation[finding.code], { say, hidden }));
}

interface Saying {
  readonly say: FindingSay;
  /** Stands for details that are hidden. */
  readonly hidden: string;
}

function inWords(
  finding: HealthFinding,
  words: TitledFinding<unknown> | undefined,
  { say, hidden }: Saying,
): HealthFinding {
  if (words === undefined) return finding;
  const { facts } = finding;
  const { title, detail, fix } = words;
  if (typeof fix !== "string" && facts === null) return { ...finding, title, detail: hidden };
  return {
    ...finding,
    title,
    detail: facts === null ? hidden : oneFullStop(detail(facts, say)),
    fix: typeof fix === "string" ? fix : fix(facts),
  };
}
