import { expect, test, vi } from "vitest";
import { en } from "../text/en.ts";
import { paletteEntries } from "./palette-entries.ts";

const navigate = vi.fn<(to: string) => void>();
const sources = {
  text: en,
  queues: ["emails", "a/b"],
  schedules: ["nightly"],
  views: [{ name: "Lost mails", filter: "state:discarded queue:emails" }],
  commands: [{ keys: "t", label: "Change the theme", run: () => navigate("theme") }],
  navigate,
};
const labels = (written: string) => paletteEntries(written, sources).map(({ label }) => label);

test("nothing written offers everything known", () => {
  const pages = "Overview Jobs Queues Schedules Workers Limits Operations Health Audit".split(" ");
  expect(labels("")).toEqual([
    ...pages,
    "Lost mails",
    "emails",
    "a/b",
    "nightly",
    "Change the theme",
  ]);
});

test("all words have to occur, of the heading as well", () => {
  expect(labels("lost mails")).toEqual(["Lost mails", "Search jobs for lost mails"]);
  expect(labels("queues em")).toEqual(["emails", "Search jobs for queues em"]);
  expect(labels("THEME")).toEqual(["Change the theme", "Search jobs for THEME"]);
});

test.each(["12", "job 12", "#12"])("%s is a job", (written) => {
  expect(labels(written)[0]).toBe("Job 12");
});

test("names are written into addresses safely", () => {
  for (const { run } of paletteEntries("a/b", sources)) run();
  expect(navigate.mock.calls.flat()).toEqual(["/queues/a%2Fb", "/jobs?q=a%2Fb"]);
});
