import { expect, test } from "vitest";
import { problems } from "../text/de/problems.ts";
import { words as german } from "../text/de/words.ts";
import { words } from "../text/en/words.ts";
import { ApiProblem, NoAnswer } from "./api-problem.ts";
import { problemText } from "./problem-text.ts";

const english = { words, problems: undefined };
const problem = (status: number, code = "JOB_RUNNING") =>
  new ApiProblem({ status, title: "Conflict", code, detail: "Wait for its end." });

test("in the server's language a refusal is named by its kind, and what to do is the server's word", () => {
  expect(problemText(problem(409), english)).toEqual({
    title: words.problems[409],
    fix: undefined,
    detail: "Wait for its end.",
    code: "JOB_RUNNING",
  });
  expect(problemText(problem(418), english).title).toBe("Conflict");
});

test("in another language a code is said in it, and the server's sentence stays", () => {
  const speech = { words: german, problems };
  expect(problemText(problem(409), speech)).toEqual({
    ...problems.JOB_RUNNING,
    detail: "Wait for its end.",
    code: "JOB_RUNNING",
  });
  const unknown = problemText(problem(502, "HTTP_502"), speech);
  expect(unknown).toMatchObject({ title: german.problems[502], fix: undefined });
});

test("silence and mistakes of the page are told apart", () => {
  expect(problemText(new NoAnswer("x"), english).title).toBe(words.noAnswer);
  expect(problemText(new TypeError("a is not b"), english)).toMatchObject({
    title: words.failed,
    detail: "a is not b",
    code: undefined,
  });
});
