import { expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { createAbort } from "./abort.ts";

const timeout = { kind: "timeout", message: "too slow" } as const;

test("a signal read before the abort is aborted by it, with a reason that says why and is an error", () => {
  const abort = createAbort();
  const { signal } = abort;
  const heard: unknown[] = [];
  signal.addEventListener("abort", () => heard.push(signal.reason));
  expect(signal.aborted).toBe(false);
  expect(abort.abort({ kind: "cancel", message: "stop", by: "ops" })).toBe(true);
  expect(heard).toEqual([coded("JOB_CANCELLED", "stop")]);
  expect(signal.reason).toMatchObject({ kind: "cancel", by: "ops" });
  expect(signal.reason).toBe(abort.reason);
});

test("a signal first read after the abort is aborted already, with the same reason", () => {
  const abort = createAbort();
  abort.abort(timeout);
  expect(abort.signal.aborted).toBe(true);
  expect(abort.signal.reason).toBe(abort.reason);
  expect(() => abort.signal.throwIfAborted()).toThrow(coded("TIMED_OUT", "too slow"));
});

test("the signal is one and the same however often it is read", () => {
  const abort = createAbort();
  expect(abort.signal).toBe(abort.signal);
});

test("the first reason stays", () => {
  const abort = createAbort();
  expect(abort.reason).toBeUndefined();
  abort.abort(timeout);
  expect(abort.abort({ kind: "shutdown", message: "later" })).toBe(false);
  expect(abort.reason).toMatchObject(timeout);
  expect(abort.signal.reason).toMatchObject(timeout);
});

test("calls back once, and at once when it has aborted already", () => {
  const abort = createAbort();
  const heard: string[] = [];
  abort.onAbort(() => heard.push("first"));
  expect(heard).toEqual([]);
  abort.abort(timeout);
  abort.abort(timeout);
  expect(heard).toEqual(["first"]);
  abort.onAbort(() => heard.push("late"));
  expect(heard).toEqual(["first", "late"]);
});
