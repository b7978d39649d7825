import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ChildMessage, readLine } from "./child-message.ts";
import {
  type ChildEffect,
  type ChildEvent,
  type ChildState,
  startingChild,
  step,
} from "./child-state.ts";

const ready: ChildEvent = heard({ type: "ready", protocol: 1 });
const ok = (id: string): ChildEvent => heard({ type: "ok", id, result: 1 });
const assigned = (id: string): ChildEvent => ({ kind: "assigned", id });
const ended: ChildEvent = { kind: "ended", why: "it exited" };
const cancelled: ChildEvent = { kind: "cancelled" };
const overdue: ChildEvent = { kind: "overdue" };
const retired: ChildEvent = { kind: "retired" };

function heard(message: ChildMessage): ChildEvent {
  return { kind: "heard", message };
}

/** The state after some events, and what each asked for. */
function after(...events: readonly ChildEvent[]): { state: ChildState; effects: string[][] } {
  let state = startingChild;
  const effects = events.map((event) => {
    const next = step(state, event);
    state = next.state;
    return next.effects.map(inWords);
  });
  return { state, effects };
}

function inWords(effect: ChildEffect): string {
  return effect.kind === "fail"
    ? `fail ${effect.failure.code}: ${effect.failure.why}`
    : effect.kind;
}

describe("a child", () => {
  test("says ready, does one job after the other and ends when it is not needed any more", () => {
    const { state, effects } = after(
      ready,
      assigned("1:1"),
      ok("1:1"),
      assigned("2:1"),
      ok("2:1"),
      retired,
      ended,
    );
    expect(effects).toEqual([
      ["ready"],
      ["begin"],
      ["settle", "ready"],
      ["begin"],
      ["settle", "ready"],
      ["close"],
      ["gone"],
    ]);
    expect(state).toEqual({ phase: "over" });
  });

  test("that speaks of another job is killed, and its job fails when it is dead", () => {
    const { effects } = after(ready, assigned("2:1"), ok("1:1"), ok("2:1"), ended);
    const why = 'it spoke of job "1:1" while it had "2:1"';
    expect(effects.slice(2)).toEqual([["kill"], [], [`fail CHILD_PROTOCOL: ${why}`, "gone"]]);
  });

  test("that replies twice is killed, and nothing is settled by the second reply", () => {
    const { state, effects } = after(ready, assigned("1:1"), ok("1:1"), ok("1:1"));
    expect(effects.at(-1)).toEqual(["kill"]);
    expect(state).toMatchObject({ phase: "dying", failure: { code: "CHILD_PROTOCOL" } });
  });

  test.each<[string, ChildEvent, string]>([
    ["something else first", ok("1:1"), 'it said "ok" before "ready"'],
    ["another version", heard({ type: "ready", protocol: 2 }), "it speaks version 2 of it"],
    ["no version", heard({ type: "ready", protocol: undefined }), "version undefined of it"],
    ["nonsense", { kind: "breached", why: "a line is not JSON" }, "a line is not JSON"],
  ])("that begins with %s is killed and its start fails", (_, first, why) => {
    const { effects } = after(first, ended);
    expect(effects).toEqual([["kill"], [expect.stringContaining(why), "gone"]]);
    expect(effects[1]?.[0]).toMatch(/^fail CHILD_PROTOCOL/);
  });

  test("that says ready twice has broken the protocol", () => {
    expect(after(ready, ready).state).toMatchObject({ failure: { why: "it said ready twice" } });
  });

  test("that ends by itself fails its start or its job, and nothing when it had none", () => {
    const lost = ["fail CHILD_LOST: it exited", "gone"];
    expect(after(ended).effects.at(-1)).toEqual(lost);
    expect(after(ready, assigned("1:1"), ended).effects.at(-1)).toEqual(lost);
    expect(after(ready, ended).effects.at(-1)).toEqual(["gone"]);
  });

  test("that does not say ready in time is killed", () => {
    const { effects } = after(overdue, ended);
    expect(effects).toEqual([["kill"], ["fail CHILD_LOST: it did not say ready in time", "gone"]]);
  });

  test("is asked to stop, and killed when it does not within its grace", () => {
    const { effects } = after(ready, assigned("1:1"), cancelled, overdue, ended);
    const why = "it did not stop within its grace";
    expect(effects.slice(2)).toEqual([["cancel"], ["kill"], [`fail CHILD_LOST: ${why}`, "gone"]]);
  });

  test("that replies within its grace lives on, and a time that was up too late means nothing", () => {
    const { state, effects } = after(
      ready,
      assigned("1:1"),
      cancelled,
      ok("1:1"),
      overdue,
      cancelled,
    );
    expect(effects.slice(3)).toEqual([["settle", "ready"], [], []]);
    expect(state).toEqual({ phase: "idle" });
  });

  test("not needed while it starts is killed; while it runs it goes on; leaving it is killed in the end", () => {
    expect(after(retired, ended).effects).toEqual([["kill"], ["gone"]]);
    expect(after(ready, assigned("1:1"), retired).effects.at(-1)).toEqual([]);
    expect(after(ready, retired, ok("1:1"), overdue, ended).effects.slice(1)).toEqual([
      ["close"],
      [],
      ["kill"],
      ["gone"],
    ]);
  });

  test("takes a job only when it is idle", () => {
    expect(after(assigned("1:1")).state).toEqual(startingChild);
    expect(after(ready, assigned("1:1"), assigned("2:1")).state).toMatchObject({ id: "1:1" });
  });

  test("reports only of the job it has", () => {
    const report = heard({ type: "progress", id: "1:1", value: 1 });
    expect(after(ready, assigned("1:1"), report).effects.at(-1)).toEqual(["report"]);
    expect(after(ready, assigned("2:1"), report).effects.at(-1)).toEqual(["kill"]);
    expect(after(ready, report).effects.at(-1)).toEqual(["kill"]);
  });
});

test("whatever a child says, only the job it has is settled, and at most once", () => {
  const id = fc.constantFrom("1:1", "2:1", "2:2");
  const line = fc.oneof(
    fc.record({ type: fc.constantFrom("ok", "error", "discard", "throttled", "progress"), id }),
    fc.constantFrom({ type: "ready", protocol: 1 }, { type: "ready", protocol: 2 }, { type: "x" }),
  );
  const event: fc.Arbitrary<ChildEvent> = fc.oneof(
    { weight: 3, arbitrary: line.map((message) => readLine(JSON.stringify(message))) },
    { weight: 2, arbitrary: id.map(assigned) },
    fc.constantFrom(ready, cancelled, overdue, retired, ended),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      let state = startingChild;
      let held: string | undefined;
      for (const next of [ready, ...events]) {
        const { state: to, effects } = step(state, next);
        for (const effect of effects) {
          if (effect.kind === "begin" && next.kind === "assigned") {
            expect(held).toBeUndefined();
            held = next.id;
          }
          if (effect.kind === "settle") {
            expect(effect.reply.id).toBe(held);
            held = undefined;
          }
          if (effect.kind === "fail") held = undefined;
        }
        if (state.phase === "over") expect({ to, effects }).toEqual({ to: state, effects: [] });
        // Whoever waits for the job is always told in the end.
        if (to.phase === "over") expect(held).toBeUndefined();
        state = to;
      }
    }),
    { numRuns: 1_000 },
  );
});
