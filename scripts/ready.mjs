import { compile, isCompiled } from "./compile.mjs";
import { install, isInstalled } from "./install.mjs";
import { withLock } from "./lock.mjs";
import { buildPage, isPageBuilt } from "./page.mjs";

/**
 * Makes this clone usable: packages installed as locked and, on request, src compiled and the dashboard's page built.
 * Says a line for what it does and nothing when there is nothing to do. Several may run at once.
 * @param {{ build?: boolean }} [options]
 */
export async function ready({ build = false } = {}) {
  refuseOldNode();
  const isReady = () => isInstalled() && (!build || (isCompiled() && isPageBuilt()));
  if (isReady()) return;
  await withLock(async () => {
    if (!isInstalled()) await install();
    if (build && !isCompiled()) await compile();
    if (build && !isPageBuilt()) await buildPage();
  });
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`Holdfast needs Node 20.19 or newer; this is ${process.version}`);
}
