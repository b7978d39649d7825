import { expect, test } from "vitest";
import { coded } from "../../test/support/coded.ts";
import { defineJob } from "./define-job.ts";
import { planJobs, planNamedJobs } from "./new-job.ts";
import { defaultRoute, routeBy } from "./router.ts";

const route = routeBy((name) => (name.startsWith("mail-") ? "emails" : undefined));

test("a router chooses the queue of jobs that name none, by definition or by name", () => {
  expect(planJobs(defineJob({ name: "mail-welcome" }), {}, route).queue).toBe("emails");
  expect(planNamedJobs("mail-welcome", {}, route).queue).toBe("emails");
});

test("what the call or the definition names comes before it", () => {
  const definition = defineJob({ name: "mail-welcome", queue: "own" });
  expect(planJobs(definition, {}, route).queue).toBe("own");
  expect(planJobs(definition, { queue: "call" }, route).queue).toBe("call");
  expect(planNamedJobs("mail-welcome", { queue: "call" }, route).queue).toBe("call");
});

test("what it has no answer for goes to default, as everything does without a router", () => {
  expect(route("report")).toBe("default");
  expect(routeBy(undefined)).toBe(defaultRoute);
  expect(planNamedJobs("mail-welcome", {}).queue).toBe("default");
});

test.each([[""], [7], [null], ["x".repeat(256)], [Promise.resolve("emails")]])(
  "an answer that is no queue's name is refused (case %#)",
  (answer) => {
    const wrong = routeBy(() => answer as string);
    expect(() => wrong("report")).toThrow(coded("INVALID_OPTION", 'for "report"'));
  },
);
