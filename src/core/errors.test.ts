import { expect, test } from "vitest";
import { errorCatalogue, HoldfastError, isHoldfastError } from "./errors.ts";

test("an error carries its code, message, details and cause", () => {
  const cause = new Error("underneath");
  const error = new HoldfastError("UNIQUE_CONFLICT", "Taken.", { cause, details: { holder: "7" } });
  expect(error).toMatchObject({
    name: "HoldfastError",
    code: "UNIQUE_CONFLICT",
    message: "Taken.",
    details: { holder: "7" },
    cause,
  });
});

test("without options there are no details and no cause, and a cause of undefined is one", () => {
  const bare = new HoldfastError("JOB_NOT_FOUND", "Gone.");
  expect(bare.details).toEqual({});
  expect(Object.hasOwn(bare, "cause")).toBe(false);
  const undefinedCause = new HoldfastError("JOB_NOT_FOUND", "Gone.", { cause: undefined });
  expect(Object.hasOwn(undefinedCause, "cause")).toBe(true);
});

test("who has to act and whether to try again follow from the code", () => {
  expect(new HoldfastError("STORAGE_BUSY", "Busy.")).toMatchObject({
    family: "storage",
    retryable: true,
  });
  expect(new HoldfastError("PAYLOAD_INVALID", "Bad.")).toMatchObject({
    family: "usage",
    retryable: false,
  });
});

test("an unknown enqueue is never called retryable: trying again could enqueue twice", () => {
  expect(errorCatalogue.ENQUEUE_UNKNOWN.retryable).toBe(false);
});

test("isHoldfastError tells our errors from others, and one code from another", () => {
  const error = new HoldfastError("LEASE_LOST", "Lost.");
  expect(isHoldfastError(error)).toBe(true);
  expect(isHoldfastError(error, "LEASE_LOST")).toBe(true);
  expect(isHoldfastError(error, "TIMED_OUT")).toBe(false);
  expect(isHoldfastError(new Error("x"))).toBe(false);
  expect(isHoldfastError({ code: "LEASE_LOST" }, "LEASE_LOST")).toBe(false);
  expect(isHoldfastError(undefined)).toBe(false);
});
