import { expect, test } from "vitest";
import { CancelError, DiscardError, ThrottleError } from "./endings.ts";

test("the errors that end a job from deep code carry their name, reason and cause", () => {
  const cause = new Error("underneath");
  for (const [Kind, name] of [
    [DiscardError, "DiscardError"],
    [CancelError, "CancelError"],
  ] as const) {
    const error = new Kind("why", { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name, message: "why", cause });
  }
});

test("a throttle error carries what the server asked for, or nothing", () => {
  expect(new ThrottleError("30s")).toMatchObject({ name: "ThrottleError", retryAfter: "30s" });
  expect(new ThrottleError().retryAfter).toBeUndefined();
  expect(new ThrottleError("1s", "429 from the mailer").message).toBe("429 from the mailer");
});
