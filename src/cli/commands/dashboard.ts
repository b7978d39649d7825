import type { Command } from "commander";
import type { Client } from "../../core/client.ts";
import { isLoopback } from "../../dashboard/access/local.ts";
import type { DashboardOptions } from "../../dashboard/dashboard-options.ts";
import { secured } from "../../dashboard/security-headers.ts";
import { type HttpServer, serveHttp } from "../../http/serve-http.ts";
import { askedToEnd } from "../asked-to-end.ts";
import { addBy, type ByOption, whoOf } from "../by-option.ts";
import { type CommandContext, openContext } from "../command-context.ts";
import { behindDoor, type Door, localDoor, passwordDoor } from "../dashboard/door.ts";
import { openBrowser } from "../dashboard/open-browser.ts";
import { wrongUsage } from "../exit-codes.ts";
import { readNumber } from "../option-values.ts";
import type { Terminal } from "../terminal.ts";

interface DashboardFlags extends ByOption {
  readonly port: number;
  readonly host: string;
  readonly basePath?: string;
  readonly readOnly?: boolean;
  readonly environment?: string;
  readonly open?: boolean;
}

/** `holdfast dashboard`: the dashboard on a port of its own, until the process is asked to end. */
export function addDashboard(program: Command, terminal: Terminal): void {
  const command = program
    .command("dashboard")
    .description("serve the dashboard until SIGTERM or Ctrl-C; by default to this machine only")
    .option("--port <port>", "the port, 0 for any that is free", readNumber, 7077)
    .option(
      "--host <address>",
      "the interface; another than loopback needs a password",
      "127.0.0.1",
    )
    .option("--base-path <path>", "the path it is reached under, such as /jobs")
    .option("--read-only", "change nothing, whoever asks")
    .option("--environment <name[:color]>", "shown above every page; gray, green, blue, amber, red")
    .option("--open", "open it in the browser")
    .addHelpText("after", help);
  addBy(command).action(async (flags: DashboardFlags, called: Command) => {
    const context = await openContext(called, terminal);
    const options = optionsOf(flags, context);
    const door = doorOf(flags, options.by ?? "dashboard", terminal);
    await context.onClient((client) => serve({ client, options, door, flags }, context));
  });
}

const help = `
Without a password it answers only this machine, and whoever sits at it may do everything. With HOLDFAST_DASHBOARD_PASSWORD set it asks
everybody for it (HTTP Basic, any user name, which the audit shows), and guessing is slowed down; put HTTPS before it when it leaves this
machine.`;

type Options = Omit<DashboardOptions, "client">;

/** What was said here comes before the configuration. */
function optionsOf(flags: DashboardFlags, { config, terminal }: CommandContext): Options {
  const { basePath, readOnly, environment } = flags;
  return {
    ...whoOf({}, terminal),
    ...config.dashboard,
    ...(basePath === undefined ? {} : { basePath: basePath.replace(/\/+$/, "") }),
    ...(readOnly === undefined ? {} : { readOnly }),
    ...(environment === undefined ? {} : { environment: environmentOf(environment) }),
    ...(flags.by === undefined ? {} : { by: flags.by }),
  };
}

function environmentOf(text: string): NonNullable<Options["environment"]> {
  const [, name = text, color] = /^(.*?)(?::([a-z]+))?$/.exec(text) ?? [];
  // Which colors there are, createDashboard says.
  return color === undefined ? { name } : { name, color: color as "gray" };
}

function doorOf({ host }: DashboardFlags, by: string, { env }: Terminal): Door {
  const password = env["HOLDFAST_DASHBOARD_PASSWORD"] ?? "";
  if (password !== "") return passwordDoor(password, by);
  if (host === "localhost" || isLoopback(host)) return localDoor(by);
  throw wrongUsage(
    `--host ${host} is seen by others: set HOLDFAST_DASHBOARD_PASSWORD, or leave --host out to serve this machine only.`,
  );
}

interface Served {
  readonly client: Client;
  readonly options: Options;
  readonly door: Door;
  readonly flags: DashboardFlags;
}

async function serve({ client, options, door, flags }: Served, context: CommandContext) {
  const { createDashboard } = await import("../../dashboard/create-dashboard.ts");
  const { basePath = "" } = options;
  const dashboard = createDashboard({ ...options, client, authorize: door.authorize });
  const { port, host } = flags;
  const handler = secured(behindDoor(dashboard, door, basePath));
  const server = await serveHttp(handler, { port, host });
  try {
    await stand(server, `${server.url}${basePath}/`, flags, context);
  } finally {
    await server.close();
  }
}

async function stand(
  { port }: HttpServer,
  url: string,
  { open }: DashboardFlags,
  { terminal, print, database }: CommandContext,
): Promise<void> {
  const asked = askedToEnd(terminal);
  print.result({ url, port, pid: process.pid }, () => `dashboard of ${database().label} at ${url}`);
  if (open === true) openBrowser(url);
  // The server alone keeps no process alive.
  const alive = setInterval(() => {}, 60_000);
  print.note(`${await asked}: the end.`);
  clearInterval(alive);
}
