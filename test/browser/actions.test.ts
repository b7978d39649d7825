import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { describeSharedDatabases } from "../integration/client-databases.ts";
import { eventually } from "../conformance/eventually.ts";
import { inChromium } from "./support/in-chromium.ts";
import { startScene, task } from "./support/scene.ts";
import { visit } from "./support/visit.ts";

const button = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, exact: true });
/** The state beside the name of a job, on its page. */
const badge = (page: Page, state: string) =>
  page.getByRole("heading", { level: 1 }).locator("..").getByText(state, { exact: true });
const dialogButton = (page: Page, name: string) =>
  page.getByRole("dialog").getByRole("button", { name, exact: true });

inChromium((browser) => {
  describeSharedDatabases((databases) => {
    test("a job is enqueued by hand, fails before one's eyes, comes back and completes; its integers are exact", async () => {
      const { url } = await startScene(databases);
      const { page, go, end } = await visit(browser(), url);
      await go("jobs");
      await button(page, "Enqueue a job").first().click();
      const form = page.getByRole("dialog");
      await form.getByLabel("Name", { exact: true }).fill("task");
      await form.getByLabel("Payload").fill('{"does":"fail-once","big":9007199254740993}');
      await form.getByLabel("Queue").fill("work");
      await dialogButton(page, "Enqueue").click();
      await page.getByText("The printer is on fire").first().waitFor();
      await page.getByText("9007199254740993").first().waitFor();
      await badge(page, "Completed").waitFor();
      await end();
    });

    test("a discarded job says why, is retried and completes, and the audit knows who did it", async () => {
      const { client, url } = await startScene(databases);
      const { page, go, end } = await visit(browser(), url);
      const { id } = await client.enqueue(task, { does: "fail-once" });
      await go(`jobs/${id}`);
      await badge(page, "Discarded").waitFor();
      for (const text of ["The printer is on fire", "toner", "about to begin"]) {
        await page.getByText(text).first().waitFor();
      }
      await button(page, "Retry").click();
      await badge(page, "Completed").waitFor();
      expect((await client.jobs.get(id))?.state).toBe("completed");
      await go("audit");
      await page.getByRole("row").filter({ hasText: "ada" }).filter({ hasText: id }).waitFor();
      await end();
    });

    test("a running job is cancelled, and one that waits is changed, run at once, duplicated and deleted", async () => {
      const { client, url } = await startScene(databases);
      // A page that hears of the deletion before it is left asks for the job once more.
      const complaints = /status of 404/;
      const { page, go, end } = await visit(browser(), url, { complaints });
      const { id } = await client.enqueue(task, { does: "hold" });
      await go(`jobs/${id}`);
      await badge(page, "Running").waitFor();
      await button(page, "Cancel").click();
      await dialogButton(page, "Cancel the job").click();
      await eventually(
        "it is cancelled",
        async () => (await client.jobs.get(id))?.state === "cancelled",
      );
      await badge(page, "Cancelled").waitFor();

      const later = await client.enqueue(
        task,
        { does: "succeed" },
        { delay: "1h", queue: "other" },
      );
      await go(`jobs/${later.id}`);
      await button(page, "Edit").click();
      await page.getByRole("dialog").getByLabel("Priority").fill("1");
      await dialogButton(page, "Save").click();
      await eventually(
        "its priority is 1",
        async () => (await client.jobs.get(later.id))?.priority === 1,
      );
      await button(page, "Run now").click();
      await eventually(
        "it ran",
        async () => (await client.jobs.get(later.id))?.state === "completed",
      );
      await button(page, "Duplicate").click();
      await dialogButton(page, "Enqueue").click();
      await eventually(
        "there is a copy",
        async () => (await client.jobs.list({ queue: "other" })).jobs.length === 2,
      );
      await go(`jobs/${later.id}`);
      await button(page, "Delete").click();
      await dialogButton(page, "Delete the job").click();
      await eventually("it is gone", async () => (await client.jobs.get(later.id)) === undefined);
      await end();
    });

    test("a copy is made of what is stored, and with the unique key only when that is asked for", async () => {
      const { client, url } = await startScene(databases);
      const { page, go, end } = await visit(browser(), url, { complaints: /status of 409/ });
      const { id } = await client.enqueue(
        task,
        { does: "succeed" },
        { delay: "1h", lane: "printer", unique: { key: "one" }, queue: "other", tags: ["vip"] },
      );
      await go(`jobs/${id}`);
      await button(page, "Duplicate").click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("retry policy, timeout, lane and limits").waitFor();
      const key = dialog.getByRole("switch", { name: "With its unique key" });
      await key.click();
      await dialogButton(page, "Enqueue").click();
      await page.getByText(/unique key "one"/).waitFor();
      await key.click();
      await dialog.getByLabel("Delay").fill("2h");
      await dialogButton(page, "Enqueue").click();
      const copy = await eventually("there is a copy", async () => {
        return (await client.jobs.list({ queue: "other" })).jobs.find((job) => job.id !== id);
      });
      expect(copy).toMatchObject({
        tags: ["vip"],
        uniqueKey: null,
        gates: [{ gate: "lane:printer" }],
      });
      await end();
    });

    test("a queue is paused and goes on, and its settings and a limit are changed while workers run", async () => {
      const { client, url } = await startScene(databases);
      await client.limits.declare({ printers: { concurrent: 2 } });
      const { page, go, end } = await visit(browser(), url);
      await go("queues/work");
      await button(page, "Pause").click();
      await page.getByText("This queue is paused").waitFor();
      const { id } = await client.enqueue(task, { does: "succeed" });
      expect((await client.queues.get("work"))?.paused).toBe(true);
      await button(page, "Resume").click();
      await eventually("it ran", async () => (await client.jobs.get(id))?.state === "completed");
      await page.getByLabel("Max running").fill("3");
      await button(page, "Apply").click();
      await page.getByText(/effective limit 3 = min/).waitFor();
      expect((await client.queues.get("work"))?.maxRunning).toBe(3);

      await go("limits");
      await page.getByRole("button", { name: "Change printers" }).click();
      await page.getByLabel("At once").fill("7");
      await button(page, "Apply").or(button(page, "Save")).first().click();
      await eventually("the limit is 7", async () =>
        (await client.limits.list()).some(({ concurrent }) => concurrent === 7),
      );
      await end();
    });

    test("a schedule runs now, is paused and goes on; a worker is drained", async () => {
      const { client, url } = await startScene(databases);
      await client.schedules.upsert({
        name: "nightly",
        cron: "0 2 * * *",
        timeZone: "Europe/Berlin",
        job: task,
        payload: { does: "succeed" },
      });
      const { page, go, end } = await visit(browser(), url);
      await go("schedules/nightly");
      await button(page, "Run now").click();
      const { jobs } = await eventually("its job completed", async () => {
        const found = await client.jobs.list({ tag: "schedule:nightly", state: "completed" });
        return found.jobs.length === 1 && found;
      });
      await page
        .getByText(jobs[0]?.id ?? "?")
        .first()
        .waitFor();
      await button(page, "Pause").click();
      await page.getByText("This schedule is paused").first().waitFor();
      await button(page, "Resume").click();
      await eventually(
        "it is active",
        async () => (await client.schedules.get("nightly"))?.state === "active",
      );

      await go("workers");
      await page.getByRole("button", { name: /Drain/ }).first().click();
      await page.getByRole("dialog").getByRole("button", { name: /Drain/ }).click();
      await eventually("no worker is left that takes jobs", async () =>
        (await client.workers.list()).every(({ state }) => state === "draining"),
      );
      await end();
    });

    test("all jobs that a filter matches are retried, with a dry run before and progress after", async () => {
      const { client, url } = await startScene(databases);
      const receipts = await client.enqueueMany(
        task,
        Array.from({ length: 60 }, () => ({ does: "fail-once" as const })),
      );
      await eventually(
        "all were discarded",
        async () => (await client.jobs.count({ state: "discarded" })).discarded === 60,
      );
      const { page, go, end } = await visit(browser(), url);
      await go("jobs?q=state:discarded error:~printer");
      await page.getByRole("checkbox", { name: "Select all on this page" }).check();
      await button(page, "Select all 60 matching").click();
      await button(page, "Retry").click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("60").first().waitFor();
      await dialog.getByRole("button", { name: /Retry 60 jobs/ }).click();
      await eventually(
        "all completed",
        async () => (await client.jobs.count()).completed === receipts.length,
      );
      await page.getByText("Completed").first().waitFor();
      const { operations } = await client.operations.list();
      expect(operations).toMatchObject([
        { action: "retry", by: "ada", done: 60, state: "completed" },
      ]);
      await end();
    });

    test("of more jobs than are looked at for a page, all are counted before they are deleted", async () => {
      const { client, url } = await startScene(databases);
      const many = Array.from({ length: 21_000 }, () => ({ does: "succeed" as const }));
      await client.enqueueMany(task, many, { delay: "1d" });
      const { page, go, end } = await visit(browser(), url);
      await go("jobs?q=state:scheduled");
      await page.getByRole("checkbox", { name: "Select all on this page" }).check();
      await button(page, "Select all 20,000+ matching").click();
      await button(page, "Delete").click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("textbox", { name: /21,000/ }).fill("21000");
      await dialog.getByRole("button", { name: "Delete 21,000 jobs" }).click();
      await eventually("the operation knows how many it is about", async () => {
        const { operations } = await client.operations.list();
        return operations[0]?.matched === 21_000;
      });
      await page
        .getByText(/of 21,000/)
        .first()
        .waitFor();
      await end();
    });
  });
});
