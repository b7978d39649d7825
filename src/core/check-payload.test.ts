import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { checkPayload } from "./check-payload.ts";
import { defineJob } from "./define-job.ts";
import type { Job } from "./job.ts";

const greet = defineJob({
  name: "greet",
  payload: z.object({ email: z.email() }),
  version: {
    number: 2,
    upgrade(old) {
      const { mail } = old as { mail?: string };
      if (mail === undefined) throw new Error("an old payload has a mail");
      return { email: mail };
    },
  },
});

function queued(payload: unknown, version = 2): Job {
  return { id: "7", name: "greet", version, payload } as Job;
}

describe("a queued payload", () => {
  test("that today's code runs is fine, as it is or brought up to date", async () => {
    expect(await checkPayload(greet, queued({ email: "ada@example.com" }))).toBeUndefined();
    expect(await checkPayload(greet, queued({ mail: "ada@example.com" }, 1))).toBeUndefined();
  });

  test("that its schema refuses would be discarded", async () => {
    const found = await checkPayload(greet, queued({ email: "ada" }));
    expect(found).toMatchObject({ id: "7", name: "greet", version: 2, kind: "invalid" });
    expect(found?.message).toContain("email");
    expect(await checkPayload(greet, queued({ mail: "ada" }, 1))).toMatchObject({
      kind: "invalid",
    });
  });

  test("whose upgrade throws would fail its attempts", async () => {
    expect(await checkPayload(greet, queued({}, 1))).toMatchObject({
      version: 1,
      kind: "upgrade-failed",
      message: "an old payload has a mail",
    });
  });

  test("whose upgrade throws something that is no error is reported in its words", async () => {
    const odd = defineJob({
      name: "greet",
      version: {
        number: 2,
        upgrade: vi.fn<() => Promise<unknown>>().mockRejectedValue("not today"),
      },
    });
    expect(await checkPayload(odd, queued({}, 1))).toMatchObject({
      kind: "upgrade-failed",
      message: "not today",
    });
  });

  test("that is newer than the code waits, and is not even looked at", async () => {
    const found = await checkPayload(greet, queued("whatever", 3));
    expect(found).toMatchObject({ version: 3, kind: "too-new" });
    expect(found?.message).toContain("knows 2");
  });
});
