/**
 * Knows when a page of the dashboard has come to rest: all it asked for is there and drawn. The stream of changes is always open, so it does
 * not count.
 * @param {import("playwright-core").Page} page
 * @returns {() => Promise<void>} waits until it is so
 */
export function watchPage(page) {
  /** @type {Set<import("playwright-core").Request>} */
  const asked = new Set();
  /** @param {import("playwright-core").Request} request */
  const answered = (request) => void asked.delete(request);
  page.on("request", (request) => {
    if (request.resourceType() !== "eventsource") asked.add(request);
  });
  page.on("requestfinished", answered);
  page.on("requestfailed", answered);
  return async () => {
    await page.locator("main h1").waitFor();
    let quietFrames = 0;
    // What an answer brings may ask for more as soon as it is drawn.
    while (quietFrames < 3) {
      await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))");
      const isBusy = asked.size > 0 || (await page.locator("main [aria-busy=true]").count()) > 0;
      quietFrames = isBusy ? 0 : quietFrames + 1;
    }
  };
}
