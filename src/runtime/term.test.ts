import { expect, test } from "vitest";
import { recordingLogger } from "../../test/support/recording-logger.ts";
import { createTerm } from "./term.ts";
import type { WorkerEnd } from "./worker-end.ts";

/** A term of a registration whose begin and end the test decides. */
function open() {
  const calls: string[] = [];
  const bench = {
    begin: async (): Promise<void> => {},
    end: async (): Promise<void> => {},
  };
  const registration = {
    current: () => ({ workerId: "7", stop: async () => {}, abandon: async () => {} }),
    begin: () => (calls.push("begin"), bench.begin()),
    end: () => (calls.push("end"), bench.end()),
  };
  const log = recordingLogger();
  return Object.assign(bench, { calls, log, term: createTerm(registration, log) });
}

/** What a promise has come to by now. */
async function now(ended: Promise<WorkerEnd>): Promise<WorkerEnd | "not yet"> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  return Promise.race([ended, Promise.resolve("not yet" as const)]);
}

const stopped = { drained: false, by: null };

test("a stop ends the term, and a new one has an end of its own", async () => {
  const { term } = open();
  const first = term.stopped();
  await term.start();
  expect(await now(first)).toBe("not yet");
  await Promise.all([term.stop(), term.stop()]);
  expect(await now(first)).toEqual(stopped);
  expect(await now(term.stopped())).toEqual(stopped);
  await term.start();
  expect(await now(term.stopped())).toBe("not yet");
});

test("a drain ends it and says who asked, however often it is told", async () => {
  const { term, calls } = open();
  await term.start();
  term.drain("7", "ada");
  term.drain("7", "ada");
  expect(await now(term.stopped())).toEqual({ drained: true, by: "ada" });
  term.drain("7", "ada");
  expect(calls).toEqual(["begin", "end"]);
});

test("a drain whose end fails is told of in the log, and has ended the term", async () => {
  const bench = open();
  bench.end = () => Promise.reject(new Error("unreachable"));
  await bench.term.start();
  bench.term.drain("7", "ada");
  expect(await now(bench.term.stopped())).toEqual({ drained: true, by: "ada" });
  const message = "the worker has drained, but could not stop in order";
  expect(bench.log.said(message)).toMatchObject([{ level: "error" }]);
});

test("what ends first counts: a stop that a drain comes after is a stop", async () => {
  const bench = open();
  let release = (): void => {};
  bench.end = () => new Promise((resolve) => (release = resolve));
  await bench.term.start();
  const stopping = bench.term.stop();
  bench.term.drain("7", "ada");
  release();
  await stopping;
  expect(await now(bench.term.stopped())).toEqual(stopped);
});

test("a start that fails begins nothing, and a stop of what never began ends nothing", async () => {
  const bench = open();
  bench.begin = () => Promise.reject(new Error("refused"));
  await expect(bench.term.start()).rejects.toThrow("refused");
  bench.term.drain("7", "ada");
  await bench.term.stop();
  expect(bench.calls).toEqual(["begin", "end"]);
  expect(await now(bench.term.stopped())).toBe("not yet");
});

test("a second start that is refused leaves the first as it is", async () => {
  const bench = open();
  await bench.term.start();
  bench.begin = () => Promise.reject(new Error("started already"));
  await expect(bench.term.start()).rejects.toThrow("started already");
  await bench.term.stop();
  expect(await now(bench.term.stopped())).toEqual(stopped);
});

test("a stop during the start ends the term once it has begun", async () => {
  const bench = open();
  let begin = (): void => {};
  bench.begin = () => new Promise((resolve) => (begin = resolve));
  const starting = bench.term.start();
  const stopping = bench.term.stop();
  begin();
  await Promise.all([starting, stopping]);
  expect(await now(bench.term.stopped())).toEqual(stopped);
});
