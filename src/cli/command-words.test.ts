import { expect, test } from "vitest";
import { inCommands } from "./command-words.ts";

test.each([
  ['Run "holdfast migrate", or pass migrate: true.', 'Run "holdfast migrate".'],
  [
    "There is no SQLite file at x. Check the path, or leave out create: false to have it made.",
    "There is no SQLite file at x. Check the path; npx holdfast migrate makes it.",
  ],
  [
    "client.schedules.list() gives those there are.",
    "holdfast schedules list gives those there are.",
  ],
  ["nothing of the kind", "nothing of the kind"],
])("%j reads %j", (message, told) => {
  expect(inCommands(message)).toBe(told);
});
