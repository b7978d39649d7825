import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { describeSqliteFiles } from "../integration/client-databases.ts";
import { inChromium } from "./support/in-chromium.ts";
import { startScene, task } from "./support/scene.ts";
import { visit } from "./support/visit.ts";

const palette = (page: Page) => page.getByRole("dialog", { name: "Go to or do" });
const heading = (page: Page, name: string | RegExp) =>
  page.getByRole("heading", { level: 1, name, exact: true });

inChromium((browser) => {
  describeSqliteFiles((databases) => {
    test("the keys are listed, and lead to pages, queues, jobs and the search", async () => {
      const { client, url } = await startScene(databases);
      const { id } = await client.enqueue(task, { does: "succeed" });
      await client.handle(id).finished({ timeout: "30s" });
      const { page, go, settled, end } = await visit(browser(), url);
      const { keyboard } = page;
      await go("");
      await settled();
      await keyboard.press("?");
      const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
      await help.getByText("Go to Schedules").waitFor();
      await keyboard.press("Escape");
      await help.waitFor({ state: "detached" });

      await keyboard.press("/");
      await palette(page).waitFor();
      await keyboard.press("Escape");
      await palette(page).waitFor({ state: "detached" });

      for (const [key, title] of pagesByKey) {
        await keyboard.press("g");
        await keyboard.press(key);
        await heading(page, title).waitFor();
      }

      await keyboard.press("Control+k");
      await keyboard.type("work");
      await palette(page).getByRole("option", { name: "work", exact: true }).waitFor();
      await choose(page, "work");
      await heading(page, "work").waitFor();
      await keyboard.press("Control+k");
      await keyboard.type(id);
      await choose(page, `Job ${id}`);
      await heading(page, /^task/).waitFor();
      expect(new URL(page.url()).pathname).toBe(`/jobs/${id}`);

      await keyboard.press("g");
      await keyboard.press("j");
      await heading(page, "Jobs").waitFor();
      await keyboard.press("/");
      const search = page.getByRole("combobox", { name: "Filter jobs" });
      expect(await search.evaluate(isFocused)).toBe(true);
      // A key that is a shortcut elsewhere is a letter here.
      await keyboard.type("t");
      expect(await search.inputValue()).toBe("t");
      await end();
    });

    test("rows of a table are walked, selected and opened", async () => {
      const { client, url } = await startScene(databases);
      const receipts = await client.enqueueMany(
        task,
        [1, 2, 3].map(() => ({ does: "succeed" as const })),
      );
      await eventually(
        "all completed",
        async () => (await client.jobs.count({ state: "completed" })).completed === 3,
      );
      const { page, go, end } = await visit(browser(), url);
      const row = (index: number) => page.locator(`tr[data-row="${receipts[index]?.id}"]`);
      await go("jobs");
      await row(0).waitFor();
      for (const [key, index] of [
        ["j", 2],
        ["j", 1],
        ["j", 0],
        ["k", 1],
      ] as const) {
        await page.keyboard.press(key);
        expect(await row(index).evaluate(isFocused), key).toBe(true);
      }
      await page.keyboard.press("x");
      await page.getByText("1 selected").waitFor();
      await page.keyboard.press("Enter");
      await heading(page, /^task/).waitFor();
      expect(new URL(page.url()).pathname).toBe(`/jobs/${receipts[1]?.id}`);
      await end();
    });

    test("the sidebar narrows jobs down by queue and by worker, and stays as wide and as open as it was left", async () => {
      const { client, url } = await startScene(databases);
      const [worker] = await client.workers.list();
      const { page, go, end } = await visit(browser(), url);
      const facet = (name: string) => page.locator(`a[data-facet="${name}"]`);
      const asked = () => new URL(page.url()).searchParams.get("q");
      await go("jobs?q=state:running");
      await facet("work").click();
      await page.waitForURL(/queue/);
      expect(asked()).toBe("state:running queue:work");
      await facet("other").click();
      await page.waitForURL(/other/);
      expect(asked()).toBe("state:running queue:other");
      expect(await facet("other").getAttribute("aria-current")).toBe("true");
      await facet("other").click();
      await facet(worker?.id ?? "").click();
      await page.waitForURL(/worker/);
      expect(asked()).toBe(`state:running worker:${worker?.id}`);

      const grip = page.getByRole("separator", { name: "Width of the sidebar" });
      const width = async () => Number(await grip.getAttribute("aria-valuenow"));
      const before = await width();
      await grip.press("ArrowRight");
      await expect.poll(width).toBe(before + 16);
      const queues = page.getByRole("button", { name: "Queues", exact: true });
      await queues.click();
      await facet("work").waitFor({ state: "detached" });
      await page.reload();
      await expect.poll(width).toBe(before + 16);
      expect(await queues.getAttribute("aria-expanded")).toBe("false");
      await end();
    });

    test("the chosen theme and language are remembered, and the doctor speaks it", async () => {
      const { client, url } = await startScene(databases);
      await client.enqueue(task, { does: "succeed" }, { queue: "nobody" });
      const { page, go, end } = await visit(browser(), url, { colorScheme: "light" });
      const background = () =>
        page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
      await go("");
      await heading(page, "Overview").waitFor();
      const light = await background();
      await page.getByRole("button", { name: "Theme: Like the system" }).click();
      await page.getByRole("button", { name: "Theme: Light" }).click();
      await page.getByRole("button", { name: "Theme: Dark" }).waitFor();
      const dark = await background();
      expect(dark).not.toBe(light);
      await page.getByRole("button", { name: "Language" }).click();
      await page.getByRole("menuitemradio", { name: "Deutsch" }).click();
      await heading(page, "Übersicht").waitFor();
      await page.reload();
      await heading(page, "Übersicht").waitFor();
      await page.getByRole("button", { name: "Farbschema: Dunkel" }).waitFor();
      expect(await background()).toBe(dark);
      expect(await page.locator("html").getAttribute("lang")).toBe("de");
      await go("health");
      await page.getByText("Kein Worker bedient eine Queue, in der Jobs warten").waitFor();
      await page.getByText("1 Job wartet in „nobody“").waitFor();
      await end();
    });

    test("whoever goes by Tab can skip to the page, and take the pause of a queue back", async () => {
      const { client, url } = await startScene(databases);
      const { page, go, settled, end } = await visit(browser(), url);
      await go("queues/work");
      await settled();
      await page.keyboard.press("Tab");
      expect(await page.getByRole("link", { name: "Skip to the page" }).evaluate(isFocused)).toBe(
        true,
      );
      await page.keyboard.press("Enter");
      await expect.poll(() => page.locator("main").evaluate(isFocused)).toBe(true);
      expect(new URL(page.url()).pathname).toBe("/queues/work");

      const pause = page.getByRole("button", { name: "Pause", exact: true });
      await pause.focus();
      await page.keyboard.press("Enter");
      await page.getByText("This queue is paused").waitFor();
      expect((await client.queues.get("work"))?.paused).toBe(true);
      await page.getByRole("button", { name: "Undo" }).press("Enter");
      await pause.waitFor();
      expect((await client.queues.get("work"))?.paused).toBe(false);
      await end();
    });
  });
});

const pagesByKey = [
  ["q", "Queues"],
  ["s", "Schedules"],
  ["w", "Workers"],
  ["l", "Limits"],
  ["p", "Operations"],
  ["h", "Health"],
  ["a", "Audit"],
  ["o", "Overview"],
] as const;

const isFocused = (element: { readonly ownerDocument: { readonly activeElement: unknown } }) =>
  element === element.ownerDocument.activeElement;

/** Goes down to an entry of the palette and takes it. */
async function choose(page: Page, name: string): Promise<void> {
  const chosen = palette(page).getByRole("option", { selected: true });
  await chosen.waitFor();
  for (let step = 0; (await chosen.innerText()).trim() !== name; step++) {
    if (step > 40) throw new Error(`The palette has no entry ${name}.`);
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
}
