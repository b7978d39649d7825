import { request as httpRequest } from "node:http";
import { beforeAll, expect, test } from "vitest";
import { cliProjects } from "../support/cli-project.ts";

const project = cliProjects();

const config = `export default {
  url: "sqlite:jobs.db",
  dashboard: { environment: { name: "staging", color: "amber" }, by: "team" },
};
`;
let folder: ReturnType<typeof project>;

beforeAll(() => {
  folder = project({ "holdfast.config.mjs": config });
  expect(folder.holdfast(["migrate"])).toMatchObject({ code: 0 });
});

/** Starts the dashboard, and gives its address. */
async function start(args: readonly string[], env = {}) {
  const running = folder.start(["dashboard", "--port", "0", "--json", ...args], env);
  const { url } = JSON.parse(await running.said(/\n/)) as { readonly url: string };
  return { running, url };
}

/** Asks with headers that fetch would not let pass. */
function ask(url: string, headers: Readonly<Record<string, string>> = {}) {
  return new Promise<{ status: number | undefined; told: unknown; challenge?: string }>(
    (resolve, reject) => {
      const asked = httpRequest(url, { headers, agent: false }).on("error", reject).end();
      asked.on("response", (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (part: string) => (text += part));
        answer.on("end", () => {
          const told: unknown = text.startsWith("{") ? JSON.parse(text) : text;
          const challenge = answer.headers["www-authenticate"];
          resolve({ status: answer.statusCode, told, ...(challenge ? { challenge } : {}) });
        });
      });
    },
  );
}

const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});

test("who sits at the machine is admin, nobody else gets in, and SIGTERM ends it", async () => {
  const { running, url } = await start(["--base-path", "/jobs/", "--read-only"]);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/jobs\/$/);
  expect(await ask(`${url}api/session`)).toMatchObject({
    status: 200,
    told: {
      role: "admin",
      actor: "team",
      readOnly: true,
      environment: { name: "staging", color: "amber" },
    },
  });
  for (const headers of [{ host: "rebound.example" }, { "x-forwarded-for": "127.0.0.1" }]) {
    for (const path of ["", "api/session", "metrics"]) {
      expect(await ask(url + path, headers)).toMatchObject({
        status: 403,
        told: { code: "FORBIDDEN" },
      });
    }
    expect(await ask(`${url}livez`, headers)).toMatchObject({ status: 200 });
  }
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0, err: "holdfast: SIGTERM: the end.\n" });
});

test("with a password it lets in those who know it, under the names they give", async () => {
  const env = { HOLDFAST_DASHBOARD_PASSWORD: "correct: horse ü" };
  const { running, url } = await start(["--host", "0.0.0.0", "--environment", "live:red"], env);
  const challenge = 'Basic realm="Holdfast", charset="UTF-8"';
  const wrong = [
    {},
    basic("ada", ""),
    basic("ada", "correct: horse u"),
    basic("", "correct"),
    { authorization: "Basic" },
    { authorization: "Bearer correct: horse" },
  ];
  for (const headers of wrong) {
    for (const path of ["", "assets/a.js", "api/session", "metrics"]) {
      expect(await ask(url + path, headers)).toMatchObject({ status: 401, challenge });
    }
  }
  expect(await ask(`${url}readyz`)).toMatchObject({ status: 200 });
  const known = { ...basic("ada", "correct: horse ü"), host: "jobs.example.com" };
  expect(await ask(`${url}api/session`, known)).toMatchObject({
    status: 200,
    told: { role: "admin", actor: "ada", environment: { name: "live", color: "red" } },
  });
  expect(await ask(`${url}api/session`, basic("", "correct: horse ü"))).toMatchObject({
    told: { actor: "team" },
  });
  running.kill("SIGINT");
  expect(await running.ended).toMatchObject({ code: 0 });
});

test.each([
  ["--host=0.0.0.0", 2, "HOLDFAST_DASHBOARD_PASSWORD"],
  ["--host=192.168.7.7", 2, "HOLDFAST_DASHBOARD_PASSWORD"],
  ["--port=70000", 2, "port must be a port"],
  ["--base-path=jobs", 2, "basePath must be a path"],
  ["--environment=live:pink", 2, "environment must be"],
  ["--url=sqlite:none.db", 1, "none.db"],
])("it does not start with %s", (flag, exit, says) => {
  const { code, err } = folder.holdfast(["dashboard", flag]);
  expect([code, err]).toEqual([exit, expect.stringContaining(says)]);
});
