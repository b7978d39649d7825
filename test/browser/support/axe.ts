import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The colours in which a page is looked at; those of `visit` when it is `"as it is"`. */
export type Themes = "as it is" | "light and dark";

interface AxeViolation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly {
    readonly target: readonly unknown[];
    readonly failureSummary?: string;
  }[];
}

/** What axe finds that is serious or worse, on the whole page or in what a selector means. */
export async function seriousViolations(
  page: Page,
  { themes, within }: { readonly themes: Themes; readonly within?: string },
): Promise<readonly string[]> {
  if (themes === "as it is") return runAxe(page, within);
  await changeTheme(page, "light");
  const inLight = await runAxe(page, within);
  await changeTheme(page, "dark");
  // Nothing else depends on the theme.
  const inDark = await runAxe(page, within, ["color-contrast"]);
  return [...inLight, ...inDark.map((each) => `in dark: ${each}`)];
}

async function changeTheme(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  // Between two themes everything has colours of neither. What inherits a colour that changes begins when that has ended.
  await page.evaluate(`(async () => {
    for (let changing = true; changing; ) {
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      const transitions = document.getAnimations().filter((each) => each instanceof CSSTransition);
      await Promise.allSettled(transitions.map(({ finished }) => finished));
      changing = transitions.length > 0;
    }
  })()`);
}

async function runAxe(
  page: Page,
  within: string | undefined,
  runOnly?: readonly string[],
): Promise<readonly string[]> {
  // As a debugger's script, so that the page's own policy stays as it is.
  if (!(await page.evaluate("typeof axe === 'object'"))) await page.evaluate(axe);
  const where = within === undefined ? "document" : JSON.stringify(within);
  const options = JSON.stringify({ resultTypes: ["violations"], runOnly });
  const violations = (await page.evaluate(
    `axe.run(${where}, ${options}).then(({ violations }) => violations)`,
  )) as AxeViolation[];
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary}`),
    );
}
