import { withLock } from "./lock.mjs";
import { main } from "./main.mjs";
import { buildPage, isPageBuilt } from "./page.mjs";

/** What npm runs before it packs: after the compiler, the dashboard's page. */
main(async () => {
  if (isPageBuilt()) return 0;
  await withLock(async () => {
    if (!isPageBuilt()) await buildPage();
  });
  return 0;
});
