import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { coded } from "../../test/support/coded.ts";
import type { Storage } from "../storage/contract/storage.ts";
import { createClient } from "./create-client.ts";

let asked: number;
let closed: number;

/** The part of a storage that opening and closing touches. */
const storage = {
  insertJobs() {},
  transact() {},
  schemaStatus: async () => ({ current: 1, latest: 1, pending: [] }),
  async serverTime() {
    asked += 1;
    return 1_800_000_000_000;
  },
  async close() {
    closed += 1;
  },
} as unknown as Storage;

beforeEach(() => {
  vi.useFakeTimers();
  asked = 0;
  closed = 0;
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a client", () => {
  test("measures the database's time every minute until it is closed", async () => {
    const client = await createClient({ storage });
    asked = 0;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toBeGreaterThan(0);
    await client.close();
    expect(vi.getTimerCount()).toBe(0);
    expect(closed, "a storage handed in stays open").toBe(0);
  });

  test("with a clock of its own measures nothing", async () => {
    const client = await createClient({ storage, clock: { now: () => 0, after: () => () => {} } });
    expect(asked).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    await client.close();
  });

  test("leaves no timer behind when it comes to nothing", async () => {
    const away = { ...storage, serverTime: async () => Promise.reject(new Error("away")) };
    await expect(createClient({ storage: away })).rejects.toThrow("away");
    const behind = {
      current: 0,
      latest: 1,
      pending: [{ id: 1, name: "a", checksum: "", sql: "" }],
    };
    const old = { ...storage, schemaStatus: async () => behind };
    await expect(createClient({ storage: old })).rejects.toThrow(coded("SCHEMA_OUT_OF_DATE"));
    expect(vi.getTimerCount()).toBe(0);
    expect(closed).toBe(0);
  });
});
