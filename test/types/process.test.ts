import { describe, expectTypeOf, test } from "vitest";
import { defineJob, type JobHandler } from "../../src/core/define-job.ts";
import { command } from "../../src/process/command.ts";
import { processPool } from "../../src/process/process-pool.ts";
import { serveThread } from "../../src/process/serve-thread.ts";
import { threadHandler } from "../../src/process/thread-handler.ts";

const resize = defineJob<{ path: string }, { width: number }>({ name: "resize" });
const convert = defineJob<{ path: string }, string>({ name: "convert" });
const clean = defineJob<{ path: string }, void>({ name: "clean" });

describe("command", () => {
  test("its plan function sees the payload and the job", () => {
    convert.handler(
      command((payload, job) => {
        expectTypeOf(payload).toEqualTypeOf<{ path: string }>();
        expectTypeOf(job.attempt).toEqualTypeOf<number>();
        return { argv: ["convert", payload.path] };
      }),
    );
    convert.handler(command(async ({ path }) => ({ argv: ["convert", path], stdin: "text" })));
    // @ts-expect-error: the payload has no such member
    convert.handler(command((payload) => ({ argv: [payload.file] })));
    // @ts-expect-error: a program is missing
    convert.handler(command(() => ({ cwd: "below" })));
  });

  test("its output decides which results it can give", () => {
    resize.handler(command(({ path }) => ({ argv: ["size", path] }), { output: "json" }));
    clean.handler(command(({ path }) => ({ argv: ["rm", "--", path] }), { output: "none" }));
    // @ts-expect-error: text is no object
    resize.handler(command(({ path }: { path: string }) => ({ argv: ["size", path] })));
    // @ts-expect-error: there is no such output
    convert.handler(command(() => ({ argv: ["a"] }), { output: "xml" }));
  });
});

describe("processPool and threadHandler", () => {
  test("do the jobs of any definition", () => {
    const python = processPool({ argv: ["python3", "worker.py"] });
    const thread = threadHandler(new URL("file:///thread.js"));
    expectTypeOf(resize.handler(python.run)).toExtend<JobHandler>();
    expectTypeOf(clean.handler(python.run)).toExtend<JobHandler>();
    expectTypeOf(convert.handler(thread)).toExtend<JobHandler>();
    expectTypeOf(thread.close).returns.toEqualTypeOf<Promise<void>>();
    // @ts-expect-error: a program is missing
    processPool({ size: 2 });
  });
});

describe("serveThread", () => {
  test("takes a function of a payload, which may end in other ways than a result", () => {
    serveThread(({ path }: { path: string }, job) => {
      expectTypeOf(job.signal).toEqualTypeOf<AbortSignal>();
      return path === "" ? job.snooze("5m") : path.length;
    });
  });
});
