import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { main } from "./main.mjs";
import { inRoot } from "./paths.mjs";
import { ready } from "./ready.mjs";

const looks = /** @type {const} */ ([
  ["light", { colorScheme: "light", viewport: { width: 1280, height: 900 } }],
  ["dark", { colorScheme: "dark", viewport: { width: 1280, height: 900 } }],
  ["phone", { colorScheme: "light", viewport: { width: 390, height: 844 } }],
]);

/** Pictures of every page of the dashboard, over the shop of examples/dashboard at work, into docs/images. */
main(async () => {
  await ready({ build: true });
  process.env["HOLDFAST_LOG"] ??= "silent";
  process.env["USER"] = "ada";
  const home = mkdtempSync(path.join(tmpdir(), "holdfast-pictures-"));
  const { startWorld } = await import("../examples/dashboard/world.mjs");
  const { serveDashboard } = await import("../examples/dashboard/serve.mjs");
  const world = await startWorld({ url: `sqlite:${path.join(home, "shop.db")}` });
  const server = await serveDashboard(world.client, 0);
  try {
    await takePictures(world.client, server.url);
  } finally {
    await server.close();
    await world.stop();
    rmSync(home, { recursive: true, force: true });
  }
  return 0;
});

/**
 * @param {import("holdfast").Client} client
 * @param {string} url
 */
async function takePictures(client, url) {
  const { launchChromium } = await import("./chromium.mjs");
  const { watchPage } = await import("./page-rest.mjs");
  const { dashboardPages } = await import("./dashboard-pages.mjs");
  mkdirSync(inRoot("docs/images"), { recursive: true });
  const browser = await launchChromium();
  const pages = await dashboardPages(client);
  for (const [look, options] of looks) {
    const context = await browser.newContext({
      ...options,
      locale: "en-GB",
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    const settled = watchPage(page);
    for (const [name, where] of pages) {
      const file = `docs/images/${name}-${look}.png`;
      await page.goto(`${url}/${where}`);
      await settled();
      await page.screenshot({ path: inRoot(file) });
      console.log(file);
    }
    await context.close();
  }
  await browser.close();
}
