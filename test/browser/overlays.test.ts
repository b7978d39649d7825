import type { Client } from "holdfast";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { describeSqliteFiles } from "../integration/client-databases.ts";
import { seriousViolations } from "./support/axe.ts";
import { inChromium } from "./support/in-chromium.ts";
import { startScene, task } from "./support/scene.ts";
import { visit } from "./support/visit.ts";

/** Something that opens over a page. */
interface Overlay {
  readonly name: string;
  /** The page it opens on. */
  readonly path: string;
  readonly open: (page: Page) => Promise<void>;
  /** What is looked at then; the open dialog when it is left out. */
  readonly seen?: string;
  /** True for what is another on a phone. */
  readonly onPhone?: boolean;
}

const press = (name: string | RegExp) => (page: Page) =>
  page.getByRole("button", { name, exact: true }).first().click();

/** Opens what a line of the menu for all that are selected does. */
const toAll = (name: string) => async (page: Page) => {
  await page.getByRole("checkbox", { name: "Select all on this page" }).check();
  await press(name)(page);
  await page.getByRole("dialog").getByRole("button").nth(1).waitFor();
};

const overlaysOf = (failed: string, waiting: string): readonly Overlay[] => [
  {
    name: "the command palette",
    path: "",
    open: async (page) => {
      await page.keyboard.press("Control+k");
      await page.keyboard.type("wor");
    },
    onPhone: true,
  },
  { name: "the keys", path: "jobs", open: (page) => page.keyboard.press("?"), onPhone: true },
  { name: "the languages", path: "", open: press("Language"), seen: "[role=menu]" },
  { name: "the views", path: "jobs", open: press("Views"), seen: "[role=menu]", onPhone: true },
  {
    name: "a view's name",
    path: "jobs?q=queue:work",
    open: async (page) => {
      await press("Views")(page);
      await page.getByRole("menuitem", { name: "Save this view" }).click();
    },
  },
  ...["st", "state:", "payload."].map((written) => ({
    name: `what is offered after ${written}`,
    path: "jobs",
    open: async (page: Page) => {
      await page.getByRole("combobox", { name: "Filter jobs" }).fill(written);
      await page.getByRole("option").first().waitFor();
      await page.keyboard.press("ArrowDown");
    },
    seen: "main",
    onPhone: true,
  })),
  {
    name: "a filter that is wrong",
    path: "jobs?q=state:lost",
    open: (page) => page.getByRole("alert").waitFor(),
    seen: "main",
  },
  { name: "a new job", path: "jobs", open: press("Enqueue a job"), onPhone: true },
  {
    name: "what is done with those that are selected",
    path: "jobs",
    open: async (page) => {
      await page.getByRole("checkbox", { name: "Select all on this page" }).check();
      await page.getByRole("button", { name: "More" }).click();
    },
    seen: "main",
    onPhone: true,
  },
  { name: "retrying all", path: "jobs?q=state:discarded", open: toAll("Retry"), onPhone: true },
  { name: "deleting all", path: "jobs?q=state:discarded", open: toAll("Delete") },
  {
    name: "the seconds before all are deleted",
    path: "jobs?q=state:discarded",
    open: async (page) => {
      await toAll("Delete")(page);
      await page.evaluate(stopSeconds);
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Type 3 to confirm").fill("3");
      await dialog.getByRole("button", { name: "Delete 3 jobs" }).click();
      await dialog.getByRole("button", { name: "Undo" }).waitFor();
    },
  },
  { name: "a job's changes", path: `jobs/${waiting}`, open: press("Edit"), onPhone: true },
  { name: "a job's cancelling", path: `jobs/${waiting}`, open: press("Cancel") },
  { name: "a job's copy", path: `jobs/${failed}`, open: press("Duplicate") },
  { name: "a job's end", path: `jobs/${failed}`, open: press("Delete"), onPhone: true },
  { name: "a schedule's changes", path: "schedules/nightly", open: press("Edit"), onPhone: true },
  { name: "a schedule's end", path: "schedules/nightly", open: press("Delete") },
  { name: "a worker's end", path: "workers", open: press(/^Drain/) },
  { name: "a limit's changes", path: "limits", open: press("Change printers") },
  {
    name: "a word that all went well, with a way back",
    path: "queues/work",
    open: async (page) => {
      await press("Pause")(page);
      await page.getByRole("status").getByRole("button", { name: "Undo" }).waitFor();
    },
    seen: "[popover]",
    onPhone: true,
  },
  {
    name: "a word that it did not, over a dialog",
    path: `jobs/${waiting}`,
    open: async (page) => {
      await press("Edit")(page);
      await page.route("**/update", (route) => route.abort());
      await page.getByRole("dialog").getByLabel("Priority").fill("2");
      await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
      await page.getByText("The server does not answer").first().waitFor();
    },
    seen: "[popover]",
  },
];

inChromium((browser) => {
  describeSqliteFiles((databases) => {
    test.each([
      { look: "a desktop", options: {}, onPhone: false },
      {
        look: "a phone",
        options: { viewport: { width: 390, height: 844 }, hasTouch: true },
        onPhone: true,
      },
    ])(
      "on $look nothing that opens over a page has anything serious for axe, in light and dark, or is wider than the window",
      async ({ options, onPhone }) => {
        const { client, url } = await startScene(databases);
        const overlays = overlaysOf(...(await makeJobs(client)));
        const complaints = /ERR_FAILED/;
        const { page, go, settled, end } = await visit(browser(), url, { ...options, complaints });
        const found: string[] = [];
        for (const overlay of overlays.filter((each) => !onPhone || each.onPhone === true)) {
          await go(overlay.path);
          await settled();
          await overlay.open(page);
          const seen = overlay.seen ?? "dialog[open]";
          await page.locator(seen).first().waitFor();
          for (const violation of await seriousViolations(page, {
            themes: "light and dark",
            within: seen,
          }))
            found.push(`${overlay.name}: ${violation}`);
          const over = await page.evaluate<readonly string[]>(beyondWindow(seen));
          for (const text of over) found.push(`${overlay.name}: ${text} is beyond the window`);
        }
        expect(found).toEqual([]);
        await end();
      },
      180_000,
    );
  });
});

/** What is to be acted on. */
async function makeJobs(client: Client): Promise<[failed: string, waiting: string]> {
  const receipts = await client.enqueueMany(
    task,
    [1, 2, 3].map((order) => ({ does: "fail-once" as const, note: `order ${order}` })),
  );
  const later = await client.enqueue(task, { does: "succeed" }, { delay: "1h" });
  await client.limits.declare({ printers: { concurrent: 2, rate: "5/1m" } });
  await client.schedules.upsert({
    name: "nightly",
    cron: "0 2 * * *",
    job: task,
    payload: { does: "succeed" },
  });
  await eventually(
    "three are discarded",
    async () => (await client.jobs.count({ state: "discarded" })).discarded === 3,
  );
  return [receipts[0]?.id ?? "", later.id];
}

/** Lets nothing happen by itself after a second. */
const stopSeconds = `{
  const real = setTimeout;
  window.setTimeout = (run, ms, ...rest) => (ms === 1000 ? 0 : real(run, ms, ...rest));
}`;

/** Texts of what stands out of the window, in what is open. */
const beyondWindow = (seen: string) => `
  [...document.querySelectorAll(${JSON.stringify(seen)})]
    .flatMap((open) => [open, ...open.querySelectorAll("button, input, p, h2, [role=menu], [role^=menuitem], [role=option]")])
    .filter((each) => {
      const { left, right, top, bottom, width } = each.getBoundingClientRect();
      const aside = left < -1 || right > innerWidth + 1;
      const above = each.matches("dialog, [role=menu], [popover]") && (top < -1 || bottom > innerHeight + 1);
      return width > 0 && (aside || above);
    })
    .map((each) => each.textContent.slice(0, 40))`;
