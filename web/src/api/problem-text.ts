import type { Catalogue } from "../text/catalogue.ts";
import { ApiProblem, NoAnswer } from "./api-problem.ts";

/** What to tell the reader about something that failed. */
export interface ProblemText {
  readonly title: string;
  /** What to do, in the server's own words where it has some. */
  readonly detail: string;
  readonly code: string | undefined;
}

/** Puts a failure in the reader's language: what kind it is by the catalogue, what to do by the server. */
export function problemText(error: unknown, words: Catalogue["words"]): ProblemText {
  if (error instanceof ApiProblem) {
    const { status, message, detail, code } = error;
    const titles: Readonly<Record<number, string>> = words.problems;
    return { title: titles[status] ?? message, detail, code };
  }
  if (error instanceof NoAnswer) {
    return { title: words.noAnswer, detail: words.noAnswerDetail, code: undefined };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { title: words.failed, detail, code: undefined };
}
