import { expect, test } from "vitest";
import { readLine } from "../../src/process/protocol/child-message.ts";
import { cancelLine, helloLine, jobLine } from "../../src/process/protocol/parent-message.ts";
import { codeBlocks, readPages } from "./docs/pages.ts";

const page = readPages().find(({ path }) => path === "docs/protocol.md");
const [said = [], heard = []] = (page === undefined ? [] : codeBlocks(page))
  .filter(({ language }) => language === "json")
  .map(({ code }) => code.trimEnd().split("\n"));

test("docs/protocol.md shows what the pool says as it says it, its members in that order", () => {
  const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const facts = { id: "42", run: 3, attempt: 1, name: "resize", queue: "default", trace };
  const reason = { kind: "timeout", message: "The attempt took longer than 2m." } as const;
  expect(said).toEqual([
    helloLine(),
    jobLine(facts, { path: "a.png" }),
    cancelLine("42:3", reason, 3_000),
  ]);
});

test("docs/protocol.md shows every message a child may send, and each is understood", () => {
  const messages = heard.map(readLine).map((line) => (line.kind === "heard" ? line.message : line));
  expect(messages).toMatchObject([
    { type: "ready", protocol: 1 },
    { type: "progress", id: "42:3", value: { percent: 50 } },
    { type: "log", id: "42:3", level: "warn", fields: { path: "a.png" } },
    { type: "ok", id: "42:3", result: { width: 640 } },
    { type: "error", id: "42:3", error: { name: "OSError", code: "ENOSPC" } },
    { type: "throttled", id: "42:3", retryAfterMs: 30_000 },
    { type: "discard", id: "42:3", message: "the image is broken" },
    { type: "snooze", id: "42:3", delayMs: 300_000 },
  ]);
});
