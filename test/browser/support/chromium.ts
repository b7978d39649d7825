import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const places = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** The Chromium of this machine: what `HOLDFAST_TEST_CHROMIUM` says, else where Debian and others put it. */
export function chromiumPath(): string | undefined {
  const told = process.env["HOLDFAST_TEST_CHROMIUM"];
  return told ?? places.find((path) => existsSync(path));
}

/** Why nothing is tested in a browser here, said loudly once for each file; `undefined` where there is one. */
export function whyNoBrowser(): string | undefined {
  if (chromiumPath() !== undefined) return undefined;
  const why =
    "NO CHROMIUM: the dashboard's pages are NOT tested. Install one (Debian: apt-get install chromium), or say where it is: HOLDFAST_TEST_CHROMIUM=/path";
  console.error(`\n${"!".repeat(why.length)}\n${why}\n${"!".repeat(why.length)}\n`);
  return why;
}

/** Starts it. It asks nobody on the internet for anything. */
export function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath() ?? "";
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
