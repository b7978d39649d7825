import { createWorker, defineJob, type Client } from "holdfast";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { eventually } from "../conformance/eventually.ts";
import { describeSqliteFiles } from "../integration/client-databases.ts";
import { runSql } from "../support/run-sql.ts";
import { inChromium } from "./support/in-chromium.ts";
import { startScene, task } from "./support/scene.ts";
import { visit } from "./support/visit.ts";

const html = `<img src=x onerror="window.struck=1"><script>window.struck=1</script>`;
const reversed = "\u202Egnp.exe\u202C \u200Fשלום";
const hostile = `${html} ${reversed} {{7*7}} \${7*7} javascript:alert(1)`;
const inUrl = encodeURIComponent(hostile);

const job = defineJob<unknown>({ name: hostile, queue: hostile, retry: { attempts: 1 } });

/** Whatever a database can hold of such texts, and where it is seen. */
async function writeHostile(client: Client): Promise<readonly string[]> {
  const worker = createWorker(client, {
    handlers: [
      job.handler(async (_payload, { log, progress }) => {
        log.warn({ [hostile]: hostile }, hostile);
        await progress({ [hostile]: hostile });
        const cause = Object.assign(new Error(hostile), { name: html, code: html });
        const stack = `${html}\n    at ${html} (javascript:alert(1):1:1)`;
        throw Object.assign(new Error(hostile, { cause }), { name: html, stack });
      }),
    ],
  });
  await worker.start();
  const { id } = await client.enqueue(job, { [hostile]: [hostile] }, { tags: [hostile] });
  await client.handle(id).finished({ timeout: "30s" });
  await worker.stop();
  await client.limits.declare({ [hostile.replaceAll(":", "")]: { concurrent: 1 } });
  await client.schedules.upsert({ name: hostile, cron: "0 2 * * *", job, payload: hostile });
  await client.queues.pause(hostile, { by: hostile });
  const operation = await client.operations.start({
    action: "changePriority",
    priority: 7,
    filter: { queue: hostile },
    by: hostile,
  });
  await eventually(
    "it ended",
    async () => (await client.operations.get(operation.id))?.state === "completed",
  );
  return [
    "",
    "jobs",
    `jobs?q=${encodeURIComponent(`name:"${hostile.replaceAll('"', '\\"')}"`)}`,
    `jobs/${id}`,
    "queues",
    `queues/${inUrl}`,
    "schedules",
    `schedules/${inUrl}`,
    "workers",
    "limits",
    "operations",
    `operations/${operation.id}`,
    "health",
    "audit",
  ];
}

/** Nothing of it became an element, and nothing of it ran. */
async function expectHarmless(page: Page, where: string): Promise<void> {
  const made = "img, iframe, object, embed, [onerror], script:not([src]), [href^='javascript:']";
  expect(await page.locator(made).count(), where).toBe(0);
  expect(await page.evaluate("window.struck"), where).toBeUndefined();
}

inChromium((browser) => {
  describeSqliteFiles((databases) => {
    test("names, queues, tags, payloads, errors and logs made of HTML, script and right-to-left marks are shown as text on every page", async () => {
      const { client, url } = await startScene(databases, {
        environment: { name: hostile },
        authorize: () => ({ role: "admin", actor: hostile }),
      });
      const places = await writeHostile(client);
      const { page, go, settled, end } = await visit(browser(), url);
      const unkept = new Set<string>();
      for (const place of places) {
        await go(place);
        await settled();
        await expectHarmless(page, place);
        if (/[/]|jobs|queues|limits|audit/.test(place))
          expect(await page.locator("main").innerText(), place).toContain(html.slice(0, 20));
        // What is written the other way round turns nothing that stands around it.
        for (const each of await page.evaluate<string[]>(turned)) unkept.add(each);
      }
      expect([...unkept]).toEqual([]);
      await page.keyboard.press("Control+k");
      await page
        .getByRole("dialog")
        .getByRole("option")
        .filter({ hasText: html })
        .first()
        .waitFor();
      await expectHarmless(page, "the palette");
      await page.keyboard.press("Escape");
      await go("jobs");
      const field = page.getByRole("combobox", { name: "Filter jobs" });
      await field.fill("name:");
      await page.getByRole("option").filter({ hasText: "<img src=x" }).first().waitFor();
      await expectHarmless(page, "completion");
      await end();
    });

    test("a text of a million characters and JSON 10,000 levels deep leave the page usable", async () => {
      const [client, , place] = await databases.onStorage();
      const { url } = await startScene(databases, { client });
      const note = "<b>".repeat(349_000);
      const long = await client.enqueue(task, { does: "succeed", note }, { queue: "idle" });
      const deep = await client.enqueue(task, { does: "succeed" }, { queue: "idle" });
      // No client takes such a payload; others may have written it.
      const json = `${'{"a":['.repeat(5_000)}12345678901234567890${"]}".repeat(5_000)}`;
      await runSql(place, `UPDATE holdfast.live SET payload = '${json}' WHERE id = ${deep.id}`);
      const { page, go, settled, end } = await visit(browser(), url);
      await go("jobs");
      await page.locator(`tr[data-row="${deep.id}"]`).waitFor();
      await go(`jobs/${long.id}`);
      await page.getByRole("button", { name: /Show all 1,047,000 characters/ }).click();
      await page.getByRole("region", { name: "Text" }).waitFor();
      await expectUsable(page);
      await go(`jobs/${deep.id}`);
      await settled();
      await page.getByRole("button", { name: "Open all" }).click();
      await expect.poll(() => page.getByText("a:").count()).toBeGreaterThan(3);
      await expectUsable(page);
      await end();
    });
  });
});

async function expectUsable(page: Page): Promise<void> {
  await page.locator("h1").click();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

/** Texts that turn their direction beside others in one line, without being isolated. */
const turned = `(() => {
  const isolated = (element) => {
    const { unicodeBidi, display } = getComputedStyle(element);
    return /isolate|plaintext/.test(unicodeBidi) || display !== "inline";
  };
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.data.includes("\\u202E")) continue;
    let around = text.parentElement;
    while (!isolated(around)) around = around.parentElement;
    const line = [...around.childNodes].filter((node) => node.textContent.trim() !== "");
    if (line.length > 1 && around.tagName !== "BDI") found.push(around.outerHTML.slice(0, 300));
  }
  return found;
})()`;
