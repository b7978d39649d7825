import { expect, test } from "vitest";
import { stackFrames } from "./stack-frames.ts";

test("frames of the program are told from those of libraries and Node", () => {
  const stack = [
    "Error: no",
    "    at send (file:///app/src/mail.ts:4:11)",
    "    at run (/app/node_modules/holdfast/dist/run.js:1:2)",
    "    at node:internal/timers:583:11",
    "    at new Promise (<anonymous>)",
  ].join("\n");
  expect(stackFrames(stack, "no").map(({ isOwn }) => isOwn)).toEqual([true, false, false, false]);
});

test("lines of the message are no frames, whatever they look like", () => {
  const message = "broken\n    at least twice (see above)";
  const stack = `Error: ${message}\n    at send (file:///app/mail.ts:4:11)`;
  expect(stackFrames(stack, message)).toEqual([
    { text: "at send (file:///app/mail.ts:4:11)", isOwn: true },
  ]);
});
