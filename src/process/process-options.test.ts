import { describe, expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { command } from "./command.ts";
import type { CommandOptions } from "./command-options.ts";
import { type ProcessPoolOptions, processPool } from "./process-pool.ts";
import { serveThread } from "./serve-thread.ts";
import { threadHandler } from "./thread-handler.ts";

const plan = () => ({ argv: ["true"] });

describe("options are refused by name:", () => {
  test.each<[string, unknown]>([
    ["has no option", { shell: true }],
    ["output", { output: "xml" }],
    ["root", { root: "" }],
    ["inherit", { inherit: "HOME" }],
    ["maxOutput", { maxOutput: 0 }],
    ["grace", { grace: "soon" }],
    ["discardCode", { discardCode: 0 }],
    ["throttleCode", { throttleCode: 256 }],
  ])("command: %s", (says, options) => {
    const make = () => command(plan, options as CommandOptions & { output?: "text" });
    expect(make).toThrow(coded("INVALID_OPTION", says));
  });

  test.each<[string, unknown]>([
    ["needs argv", {}],
    ["argv", { argv: [] }],
    ["argv", { argv: [""] }],
    ["argv", { argv: "python3 worker.py" }],
    ["argv", { argv: ["python3", 7] }],
    ["argv", { argv: ["a\u0000b"] }],
    ["size", { argv: ["a"], size: 0 }],
    ["env", { argv: ["a"], env: "A=B" }],
    ["cwd", { argv: ["a"], cwd: "" }],
    ["start", { argv: ["a"], start: "soon" }],
    ["stderr", { argv: ["a"], stderr: "pipe" }],
  ])("processPool: %s in %j", (says, options) => {
    const make = () => processPool(options as ProcessPoolOptions);
    expect(make).toThrow(coded("INVALID_OPTION", says));
  });

  test("threadHandler takes a URL", () => {
    const make = () => threadHandler("./thread.js" as unknown as URL);
    expect(make).toThrow(coded("INVALID_OPTION", "import.meta.url"));
    const tooFew = () => threadHandler(new URL("file:///a.js"), { size: 0 });
    expect(tooFew).toThrow(coded("INVALID_OPTION", "size"));
  });

  test("serveThread is for threads of a threadHandler", () => {
    expect(() => serveThread(() => 1)).toThrow(coded("INVALID_OPTION", "threadHandler"));
  });
});
