import type { Page } from "playwright-core";
import { createDashboard } from "holdfast/dashboard";
import { serveHttp } from "holdfast/http";
import { expect, test } from "vitest";
import { describeSqliteFiles } from "../integration/client-databases.ts";
import { openBufferingProxy } from "../support/buffering-proxy.ts";
import { inChromium } from "./support/in-chromium.ts";
import { startScene, task } from "./support/scene.ts";
import { visit } from "./support/visit.ts";

const connection = (page: Page, mode: string) =>
  page.locator("header").getByRole("status").getByText(mode, { exact: true });
const rowOf = (page: Page, id: string, state: string) =>
  page.locator(`tr[data-row="${id}"]`).getByText(state, { exact: true });

inChromium((browser) => {
  describeSqliteFiles((databases) => {
    test("a row changes before one's eyes, without the page being loaded again", async () => {
      const { client, url, release } = await startScene(databases);
      const { page, go, end } = await visit(browser(), url);
      await go("jobs");
      await connection(page, "Live").waitFor();
      await page.evaluate("window.stayed = true");
      const { id } = await client.enqueue(task, { does: "hold" });
      await rowOf(page, id, "Running").waitFor();
      // In its first second it has not run for any length of time yet.
      expect(await page.locator(`tr[data-row="${id}"]`).innerText()).not.toMatch(/\b0ms/);
      release();
      await rowOf(page, id, "Completed").waitFor();
      expect(await page.evaluate("window.stayed")).toBe(true);
      await connection(page, "Live").waitFor();
      await end();
    });

    test("behind a proxy that gathers answers the page asks every few seconds, and says so", async () => {
      const { client, url, release } = await startScene(databases);
      const proxy = databases.closing(await openBufferingProxy(url, 1_000_000));
      const { page, go, end } = await visit(browser(), proxy.url);
      await go("jobs");
      const { id } = await client.enqueue(task, { does: "hold" });
      await rowOf(page, id, "Running").waitFor();
      await connection(page, "Polling").waitFor();
      release();
      await rowOf(page, id, "Completed").waitFor();
      await end();
    });

    test("a server that went away is shown while what was read stays, and its return is noticed", async () => {
      const { client, url } = await startScene(databases);
      const { id } = await client.enqueue(task, { does: "succeed" });
      await client.handle(id).finished({ timeout: "30s" });
      const dashboard = createDashboard({ client, authorize: () => "admin" });
      const first = await serveHttp(dashboard, { port: 0, host: "127.0.0.1" });
      const complaints = /Failed to load resource|ERR_/;
      const { page, go, end } = await visit(browser(), first.url, { complaints });
      await go("jobs");
      await rowOf(page, id, "Completed").waitFor();
      await connection(page, "Live").waitFor();
      await first.close();
      await connection(page, "Offline").waitFor();
      expect(await rowOf(page, id, "Completed").isVisible()).toBe(true);
      databases.closing(await serveHttp(dashboard, { port: first.port, host: "127.0.0.1" }));
      await connection(page, "Live").waitFor({ timeout: 45_000 });
      const later = await client.enqueue(task, { does: "succeed" });
      await rowOf(page, later.id, "Completed").waitFor();
      expect(url).not.toBe(first.url);
      await end();
    });

    test("a viewer sees why the buttons are off, and not what is hidden; a read-only dashboard says that it is", async () => {
      const { client, url } = await startScene(databases, {
        authorize: () => "viewer",
        redact: ["payload.note"],
      });
      const { id } = await client.enqueue(task, { does: "fail-once", note: "sesame" });
      await client.handle(id).finished({ timeout: "30s" });
      const { page, go, settled, end } = await visit(browser(), url);
      await go(`jobs/${id}`);
      await settled();
      await expectRefusal(page, "Retry", "You lack the permission jobs:retry");
      await expectRefusal(page, "Delete", "You lack the permission jobs:delete");
      await page.getByText("[redacted]").first().waitFor();
      expect(await page.content()).not.toContain("sesame");
      await page.getByRole("button", { name: "Retry", exact: true }).press("Enter");
      await go("queues/work");
      await settled();
      await expectRefusal(page, "Pause", "You lack the permission queues:pause");
      await go("jobs");
      await settled();
      expect(await page.content()).not.toContain("sesame");
      expect((await client.jobs.get(id))?.state).toBe("discarded");
      await end();

      const readOnly = createDashboard({ client, authorize: () => "admin", readOnly: true });
      const server = databases.closing(await serveHttp(readOnly, { port: 0, host: "127.0.0.1" }));
      const other = await visit(browser(), server.url);
      await other.go(`jobs/${id}`);
      await other.settled();
      await other.page.locator("header").getByText("Read only").waitFor();
      await expectRefusal(other.page, "Retry", "This dashboard is read only");
      await other.end();
    });
  });
});

/** The button is there for everybody, off, and says why. */
async function expectRefusal(page: Page, name: string, why: string): Promise<void> {
  const button = page.getByRole("button", { name, exact: true });
  await button.waitFor();
  await expect.poll(() => button.getAttribute("title")).toBe(why);
  expect(await button.getAttribute("aria-disabled")).toBe("true");
}
