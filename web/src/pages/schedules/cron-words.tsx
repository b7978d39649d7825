import cronstrue from "cronstrue";
import "cronstrue/locales/de.js";
import { useLanguage } from "../../text/text-context.tsx";

interface CronWordsProps {
  readonly expression: string;
}

/** A cron expression in words; nothing where there are no words for it. */
export function CronWords({ expression }: CronWordsProps) {
  const { language } = useLanguage();
  return inWords(expression, language);
}

function inWords(expression: string, locale: string): string | null {
  try {
    return cronstrue.toString(expression, { locale, use24HourTimeFormat: true });
  } catch {
    return null;
  }
}
