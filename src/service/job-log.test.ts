import { describe, expect, test, vi } from "vitest";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import { type NewLogLine, newLogLine } from "../core/log-line.ts";
import { createJobLog } from "./job-log.ts";

function line(nth: number): NewLogLine {
  const where = { job: "7", run: 1, attempt: 1, at: nth, level: "info" } as const;
  return newLogLine({ ...where, line: nth, message: "said", fields: {} });
}

/** A log over a storage that answers when it is let. */
function setUp(pauseMs = 1) {
  const stored: (readonly NewLogLine[])[] = [];
  const logger = recordingLogger();
  let answer: (lines: readonly NewLogLine[]) => Promise<void> = async () => {};
  const storage = {
    async appendLog(lines: readonly NewLogLine[]) {
      await answer(lines);
      stored.push(lines);
    },
  };
  const log = createJobLog({ storage, logger, pauseMs });
  const answering = (next: typeof answer) => {
    answer = next;
  };
  const add = (count: number, from = 0) => {
    for (let nth = from; nth < from + count; nth += 1) log.add(line(nth));
  };
  const numbers = () => stored.map((lines) => lines.map((each) => each.line));
  return { log, stored, logger, answering, add, numbers };
}

const never = 1_000_000;

describe("lines of jobs", () => {
  test("are stored together, a moment after the first", async () => {
    const { log, add, numbers } = setUp();
    add(3);
    expect(numbers()).toEqual([]);
    await vi.waitFor(() => expect(numbers()).toEqual([[0, 1, 2]]));
    log.add(line(3));
    await vi.waitFor(() => expect(numbers()).toEqual([[0, 1, 2], [3]]));
  });

  test("are stored at once when that is asked for, and nothing is when there are none", async () => {
    const { log, add, numbers } = setUp(never);
    await log.flush();
    add(2);
    await Promise.all([log.flush(), log.flush()]);
    expect(numbers()).toEqual([[0, 1]]);
    await log.flush();
    expect(numbers()).toHaveLength(1);
  });

  test("are stored at once when there are many, and but once of those that took one place", async () => {
    const { add, stored } = setUp(never);
    add(500);
    await vi.waitFor(() => expect(stored).toHaveLength(1));
    expect(stored[0]?.map((each) => each.line).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 200 }, (_, index) => 300 + index),
    );
  });

  test("that come while others are being stored follow them", async () => {
    const { log, add, answering, numbers } = setUp(never);
    let release = (): void => {};
    answering(() => new Promise((resolve) => (release = resolve)));
    add(1);
    const flushed = log.flush();
    answering(async () => {});
    add(2, 1);
    expect(numbers()).toEqual([]);
    release();
    await flushed;
    expect(numbers()).toEqual([[0], [1, 2]]);
  });

  test("that cannot be stored are lost, which is said once a minute and fails nobody", async () => {
    const { log, add, answering, logger, numbers } = setUp(never);
    answering(() => Promise.reject(new Error("disk full")));
    add(2);
    await log.flush();
    add(1);
    await log.flush();
    answering(async () => {});
    add(1, 9);
    await log.flush();
    expect(numbers()).toEqual([[9]]);
    expect(logger.lines.map(({ level, fields }) => [level, fields["lines"]])).toEqual([
      ["warn", 2],
    ]);
  });

  test("do not pile up while the database is gone: the oldest are given up", async () => {
    const { log, add, answering, logger, stored } = setUp(never);
    let release = (): void => {};
    answering(() => new Promise((resolve) => (release = resolve)));
    add(1);
    const flushed = log.flush();
    answering(async () => {});
    for (let round = 0; round < 12; round += 1) add(500, 0);
    release();
    await flushed;
    expect(logger.lines[0]?.fields).toMatchObject({ lines: 500 });
    expect(stored.length).toBeLessThanOrEqual(11);
  });
});
