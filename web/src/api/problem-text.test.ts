import { expect, test } from "vitest";
import { en } from "../text/en.ts";
import { ApiProblem, NoAnswer } from "./api-problem.ts";
import { problemText } from "./problem-text.ts";

const problem = (status: number) =>
  new ApiProblem({ status, title: "Conflict", code: "JOB_RUNNING", detail: "Wait for its end." });

test("a refusal is named by its kind, and what to do is the server's word", () => {
  expect(problemText(problem(409), en.words)).toEqual({
    title: en.words.problems[409],
    detail: "Wait for its end.",
    code: "JOB_RUNNING",
  });
  expect(problemText(problem(418), en.words).title).toBe("Conflict");
});

test("silence and mistakes of the page are told apart", () => {
  expect(problemText(new NoAnswer("x"), en.words).title).toBe(en.words.noAnswer);
  expect(problemText(new TypeError("a is not b"), en.words)).toEqual({
    title: en.words.failed,
    detail: "a is not b",
    code: undefined,
  });
});
