import {
  type DashboardBackend,
  dashboardResults,
  dashboardTarget,
  type MeasuredDatabase,
  type MeasuredRequest,
  type NamedDashboardRun,
} from "./dashboard-run.ts";
import { figure } from "./figures.ts";
import { markdownRows } from "./markdown-table.ts";

const nothingYet =
  "Nothing is measured yet: `npm run bench:dashboard -- --save` writes the first results.";

const titles: Readonly<Record<DashboardBackend, string>> = {
  postgres: "PostgreSQL",
  sqlite: "SQLite",
};

/** The block of docs/performance.md on the dashboard: of each page its slowest question on each database. */
export function dashboardBlock(runs: readonly NamedDashboardRun[]): string {
  const run = shownDashboardRun(runs);
  if (run === undefined) return nothingYet;
  const { databases } = run;
  const pages = [...new Set(databases.flatMap(({ requests }) => requests.map(({ page }) => page)))];
  const header = ["", "target", ...databases.map(headerOf)];
  const target = `${run.targetMs} ms`;
  const rows = pages.map((page) => [page, target, ...databases.map((one) => cellOf(one, page))]);
  const notes = databases.flatMap((one) => [countOf(one, target), ...missesOf(one)]);
  const table = markdownRows(header, rows, "left");
  return `${originOf(run)}\n\n${table}\n\n${notes.map((note) => `- ${note}`).join("\n")}`;
}

/** The newest run beside as many jobs as the target asks for, on both databases; while there is none, the newest run there is. */
export function shownDashboardRun(
  runs: readonly NamedDashboardRun[],
): NamedDashboardRun | undefined {
  return runs.findLast(isWhole) ?? runs.at(-1);
}

function isWhole({ databases }: NamedDashboardRun): boolean {
  return Object.entries(dashboardTarget.finished).every(([backend, finished]) =>
    databases.some(
      (one) =>
        one.backend === backend &&
        one.finished >= finished &&
        one.waiting >= dashboardTarget.waiting,
    ),
  );
}

function originOf({ name, host, version, rounds }: NamedDashboardRun): string {
  const { cpus, cores, memoryGiB, node, commit, date } = host;
  return `From [${name}](../${dashboardResults}/${name}), Holdfast ${version}, commit \`${commit}\`, ${date.slice(0, 10)}: ${cpus}, ${cores} cores, ${memoryGiB} GiB, Node ${node}, each question ${rounds} times.`;
}

function headerOf({ backend, version, finished, waiting }: MeasuredDatabase): string {
  const jobs = (count: number) => count.toLocaleString("en-US");
  return `${titles[backend]} ${version}, ${jobs(finished)} finished, ${jobs(waiting)} waiting`;
}

/** The worst of a page: a miss before everything else, then the slowest. */
function cellOf({ requests }: MeasuredDatabase, page: string): string {
  const [worst] = requests.filter((one) => one.page === page).sort(worstFirst);
  if (worst === undefined) return "not asked";
  return `${figure(worst.p95)} ms **${worst.verdict}**<br>\`${worst.request}\``;
}

function worstFirst(a: MeasuredRequest, b: MeasuredRequest): number {
  if (a.verdict !== b.verdict) return a.verdict === "MISS" ? -1 : 1;
  return b.p95 - a.p95;
}

function countOf({ backend, requests, verdict }: MeasuredDatabase, target: string): string {
  const slowest = Math.max(...requests.map(({ p95 }) => p95));
  return `${titles[backend]}: ${requests.length} questions, the slowest 95th percentile ${figure(slowest)} ms of ${target}: **${verdict}**.`;
}

function missesOf({ backend, requests }: MeasuredDatabase): readonly string[] {
  return requests
    .filter(({ verdict }) => verdict === "MISS")
    .map(({ page, request, p95, walks, failure }) => {
      const why = [
        `${figure(p95)} ms`,
        ...walks.map((table) => `walks ${table}`),
        ...(failure === null ? [] : [`fails: ${failure}`]),
      ];
      return `MISS: ${titles[backend]}, ${page}, \`${request}\`: ${why.join(", ")}`;
    });
}
