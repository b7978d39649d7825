import type { Catalogue } from "../text/catalogue.ts";
import type { ProblemWords } from "../text/problem-words.ts";
import { ApiProblem, NoAnswer } from "./api-problem.ts";

/** What to tell the reader about something that failed. */
export interface ProblemText {
  readonly title: string;
  /** What to do, where the reader's language is not the server's. */
  readonly fix: string | undefined;
  /** What the server says, or else what is known. */
  readonly detail: string;
  readonly code: string | undefined;
}

interface Speech {
  readonly words: Catalogue["words"];
  /** What codes mean, in a language that the server does not speak. */
  readonly problems: Readonly<Record<string, ProblemWords | undefined>> | undefined;
}

/** Puts a failure in the reader's language, by its code or else by its kind; the server's own sentence stands beside it. */
export function problemText(error: unknown, { words, problems }: Speech): ProblemText {
  if (error instanceof ApiProblem) {
    const { status, message, detail, code } = error;
    const own = problems?.[code];
    const titles: Readonly<Record<number, string>> = words.problems;
    return { title: own?.title ?? titles[status] ?? message, fix: own?.fix, detail, code };
  }
  const unanswered = { fix: undefined, code: undefined };
  if (error instanceof NoAnswer) {
    return { ...unanswered, title: words.noAnswer, detail: words.noAnswerDetail };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { ...unanswered, title: words.failed, detail };
}
