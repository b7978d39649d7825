import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, inject, test } from "vitest";
import { freshDatabase } from "../support/fresh-database.ts";

const example = fileURLToPath(new URL("../../examples/cluster/main.mjs", import.meta.url));

/** What it measures is for people to read: how fast it is here says little, with other tests beside it. */
test("three processes on PostgreSQL never run more jobs than maxRunning, share them, and take over from one that is killed", async ({
  onTestFinished,
}) => {
  const database = await freshDatabase(inject("databaseUrl"));
  onTestFinished(() => database.drop());
  const { stdout } = await promisify(execFile)(process.execPath, [example, database.url]).catch(
    (error: unknown) => error as { readonly stdout: string },
  );
  expect(stdout).toMatch(/ok +\d+ moments in the history; at most 7 of 7 jobs ran at once/);
  expect(stdout).toMatch(/shared 3\/2\/2 after \d+ ms/);
  expect(stdout).toMatch(/killed one: the others ran 4\/3 after \d+ ms/);
  expect(stdout).toMatch(/its [1-9]\d* jobs were finished elsewhere after \d+ ms/);
});
