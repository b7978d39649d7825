import { expect, test } from "vitest";
import { HoldfastError } from "../core/errors.ts";
import { exitCodeOf } from "./exit-codes.ts";

const unreachable = new HoldfastError("STATE_UNREACHABLE", "gone");
const stopped = (signal?: string) =>
  new HoldfastError("SHUTDOWN", "stop", { details: signal === undefined ? {} : { signal } });
const abort = (cause: unknown) => new DOMException("aborted", { name: "AbortError", cause });

test.each<[string, unknown, number]>([
  ["any error", new Error("x"), 1],
  ["what is no error", "x", 1],
  ["an error of Holdfast that is not about services", new HoldfastError("JOB_RUNNING", "x"), 1],
  ["IDENTITY_NOT_CONFIGURED", new HoldfastError("IDENTITY_NOT_CONFIGURED", "x"), 78],
  ["STATE_NOT_CONFIGURED", new HoldfastError("STATE_NOT_CONFIGURED", "x"), 78],
  ["STORAGE_INVALID", new HoldfastError("STORAGE_INVALID", "x"), 78],
  ["IDENTITY_REFUSED", new HoldfastError("IDENTITY_REFUSED", "x"), 77],
  ["IDENTITY_UNREACHABLE", new HoldfastError("IDENTITY_UNREACHABLE", "x"), 69],
  ["STATE_UNREACHABLE", unreachable, 74],
  ["one wrapped in another", new Error("outer", { cause: unreachable }), 74],
  ["SIGTERM", stopped("SIGTERM"), 143],
  ["SIGINT, as an aborted timer tells it", abort(stopped("SIGINT")), 130],
  ["a worker's shutdown", stopped(), 1],
])("the exit code for %s", (_what, error, code) => {
  expect(exitCodeOf(error)).toBe(code);
});

test("of errors that cause each other an end is found", () => {
  const endless = new Error("x");
  endless.cause = endless;
  expect(exitCodeOf(endless)).toBe(1);
});
