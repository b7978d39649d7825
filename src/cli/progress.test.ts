import { expect, test } from "vitest";
import { createProgress } from "./progress.ts";
import type { Terminal } from "./terminal.ts";

function watched(isTerminal: boolean) {
  const said: string[] = [];
  const terminal: Terminal = {
    env: {},
    out: (text) => said.push(`out ${text}`),
    err: (text) => said.push(text),
    isTerminal: { in: true, out: true, err: isTerminal },
    input: () => expect.fail("it is not read"),
    onSignal: () => expect.fail("it does not listen"),
    flushed: async () => {},
  };
  let time = 0;
  const progress = createProgress("exported", terminal, () => time);
  return { said, progress, at: (ms: number) => void (time = ms) };
}

test("on a terminal it is one line that changes and goes away", () => {
  const { said, progress, at } = watched(true);
  progress.update(1, 300);
  at(100);
  progress.update(200, 300);
  progress.update(201, 300);
  progress.end();
  progress.end();
  expect(said).toEqual(["\r\u001B[2Kexported 200 of 300", "\r\u001B[2K"]);
});

test("elsewhere it is a line now and then, without control characters", () => {
  const { said, progress, at } = watched(false);
  at(4_999);
  progress.update(1);
  at(5_000);
  progress.update(2);
  at(9_000);
  progress.update(3);
  progress.end();
  expect(said).toEqual(["exported 2\n"]);
});
