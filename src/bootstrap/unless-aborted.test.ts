import { expect, test, vi } from "vitest";
import { unlessAborted } from "./unless-aborted.ts";

const reason = new Error("stop");

function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}

test("what was waited for is given, and not given back", async () => {
  const giveBack = vi.fn();
  const { signal } = new AbortController();
  await expect(unlessAborted(signal, Promise.resolve(7), giveBack)).resolves.toBe(7);
  expect(giveBack).not.toHaveBeenCalled();
});

test.each([
  ["before", true],
  ["while", false],
])(
  "a signal that aborts %s it waits ends it, and what comes late is given back",
  async (_when, early) => {
    const stopping = new AbortController();
    const giveBack = vi.fn();
    const late = deferred<string>();
    if (early) stopping.abort(reason);
    const waiting = unlessAborted(stopping.signal, late.promise, giveBack);
    stopping.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(giveBack).not.toHaveBeenCalled();
    late.resolve("late");
    await vi.waitFor(() => expect(giveBack).toHaveBeenCalledWith("late"));
  },
);

test("a failure is the failure", async () => {
  const { signal } = new AbortController();
  await expect(unlessAborted(signal, Promise.reject(reason))).rejects.toBe(reason);
});
