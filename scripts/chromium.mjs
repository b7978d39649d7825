import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const places = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** The Chromium of this machine: what `HOLDFAST_TEST_CHROMIUM` says, else where Debian and others put it. */
export function chromiumPath() {
  return process.env["HOLDFAST_TEST_CHROMIUM"] ?? places.find((path) => existsSync(path));
}

/** Starts it. It asks nobody on the internet for anything. */
export function launchChromium() {
  const executablePath = chromiumPath();
  if (executablePath === undefined) {
    throw new Error(
      "There is no Chromium here. Install one (Debian: apt-get install chromium), or say where it is: HOLDFAST_TEST_CHROMIUM=/path",
    );
  }
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
