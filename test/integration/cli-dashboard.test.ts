import { type IncomingHttpHeaders, request as httpRequest } from "node:http";
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
  return new Promise<Answer>((resolve, reject) => {
    const asked = httpRequest(url, { headers, agent: false }).on("error", reject).end();
    asked.on("response", (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (part: string) => (text += part));
      answer.on("end", () => {
        const told: unknown = text.startsWith("{") ? JSON.parse(text) : text;
        resolve({ status: answer.statusCode, told, headers: answer.headers });
      });
    });
  });
}

interface Answer {
  readonly status: number | undefined;
  readonly told: unknown;
  readonly headers: IncomingHttpHeaders;
}

const strict = {
  "content-security-policy": expect.stringContaining("frame-ancestors 'none'") as string,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cache-control": "no-store",
};

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
        headers: strict,
      });
    }
    expect(await ask(`${url}livez`, headers)).toMatchObject({ status: 200, headers: strict });
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
      expect(await ask(url + path, headers)).toMatchObject({
        status: 401,
        headers: { ...strict, "www-authenticate": challenge },
      });
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

test("guessing the password is slowed down where it comes from, and nobody else is kept out", async () => {
  const { running, url } = await start([], { HOLDFAST_DASHBOARD_PASSWORD: "open sesame" });
  const session = `${url}api/session`;
  const right = basic("ada", "open sesame");
  for (let at = 0; at < 6; at++) {
    expect(await ask(session, basic("eve", `guess ${at}`))).toMatchObject({ status: 401 });
  }
  for (const headers of [basic("eve", "next"), right]) {
    expect(await ask(session, headers)).toMatchObject({
      status: 429,
      told: { status: 429, code: "TOO_MANY_GUESSES" },
      headers: { ...strict, "retry-after": expect.stringMatching(/^[1-5]$/) as string },
    });
  }
  expect(await ask(session)).toMatchObject({ status: 401 });
  expect(await ask(`${url}livez`)).toMatchObject({ status: 200 });
  const behindProxy = { ...right, "x-forwarded-for": "203.0.113.9, 10.1.2.3" };
  expect(await ask(session, behindProxy)).toMatchObject({ status: 200, told: { actor: "ada" } });
  running.kill("SIGTERM");
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
