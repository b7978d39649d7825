import type { Command } from "commander";
import type { ScheduleTiming } from "../../core/schedule-rule.ts";
import type { Schedule } from "../../core/schedule.ts";
import { HoldfastError } from "../../core/errors.ts";
import { addBy, whoOf, type ByOption } from "../by-option.ts";
import { withClient } from "../command-context.ts";
import { declareSchedules } from "../declare-schedules.ts";
import { wrongUsage } from "../exit-codes.ts";
import { readInstant, readNumber } from "../option-values.ts";
import type { Colour } from "../paint.ts";
import type { Column } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { formatInstant } from "../time-text.ts";

interface PreviewOptions {
  readonly cron?: string;
  readonly timeZone?: string;
  readonly every?: string;
  readonly count?: number;
  readonly after?: number;
}

const stateColours: Readonly<Record<Schedule["state"], Colour | undefined>> = {
  active: undefined,
  failing: "red",
  paused: "yellow",
  ended: "yellow",
};

const columns: readonly Column<Schedule>[] = [
  { title: "SCHEDULE", cell: ({ name }) => name },
  { title: "GROUP", cell: ({ group }) => group ?? "by hand" },
  { title: "STATE", cell: ({ state }) => state, colour: ({ state }) => stateColours[state] },
  { title: "TICKS", cell: timingOf },
  { title: "JOB", cell: ({ job }) => job?.name ?? null },
  { title: "NEXT", cell: ({ nextAt }) => formatInstant(nextAt) },
  { title: "LAST", cell: ({ lastAt }) => formatInstant(lastAt) },
  { title: "OUTCOME", cell: ({ lastOutcome }) => lastOutcome },
];

/** `holdfast schedules`: the schedules, their next ticks, and what an operator does to them. */
export function addSchedules(program: Command, terminal: Terminal): void {
  const schedules = program
    .command("schedules")
    .description("look at schedules, pause them and run them by hand");
  addApply(schedules, terminal);
  addList(schedules, terminal);
  addShow(schedules, terminal);
  addPreview(schedules, terminal);
  addVerbs(schedules, terminal);
}

function addApply(schedules: Command, terminal: Terminal): void {
  schedules
    .command("apply")
    .description("declare the schedules of the configuration, as holdfast work does at its start")
    .action((_options: object, command: Command) =>
      withClient(command, terminal, async ({ client, print, config }) => {
        const answer = await declareSchedules(client, config, print);
        if (answer === undefined) throw wrongUsage("Name schedules in holdfast.config.ts.");
        print.result(answer, () => {
          const { added, changed, removed } = answer;
          const told = Object.entries({ added, changed, removed })
            .filter(([, names]) => names.length > 0)
            .map(([what, names]) => `${what} ${names.join(", ")}`);
          return told.length === 0 ? "nothing to change" : told.join("; ");
        });
      }),
    );
}

function addList(schedules: Command, terminal: Terminal): void {
  schedules
    .command("list")
    .description("list the schedules, their next tick and what the last one came to")
    .action((_options: object, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        const found = await client.schedules.list();
        print.result(found, () =>
          found.length === 0 ? "No schedules." : print.table(columns, found),
        );
      }),
    );
}

function addShow(schedules: Command, terminal: Terminal): void {
  schedules
    .command("show")
    .description("show one schedule: its job, how it stands, and why it fails if it does")
    .argument("<name>", "the schedule")
    .action((name: string, _options: object, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        const found = await client.schedules.get(name);
        if (found === undefined) throw notFound(name);
        print.result(found, () => print.fields(fieldsOf(found)));
      }),
    );
}

function addPreview(schedules: Command, terminal: Terminal): void {
  schedules
    .command("preview")
    .description("print the next ticks of a schedule, or of a timing nobody has declared")
    .argument("[name]", "the schedule; leave it out with --cron or --every")
    .option("--cron <expression>", 'such as "30 2 * * 1-5"')
    .option("--time-zone <zone>", "the zone whose clock --cron goes by (default: UTC)")
    .option("--every <duration>", "such as 15m")
    .option("--count <count>", "how many (default: 10)", readNumber)
    .option("--after <moment>", "the ticks after this moment (default: now)", readInstant)
    .action((name: string | undefined, options: PreviewOptions, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        const { count, after } = options;
        const timing = readTiming(name, options);
        const ticks = await client.schedules.preview(name ?? timing, {
          ...(count === undefined ? {} : { count }),
          ...(after === undefined ? {} : { after }),
        });
        const named = name === undefined ? undefined : await client.schedules.get(name);
        const zone = named?.timeZone ?? timing.timeZone ?? "UTC";
        const shown = ticks.map((at) => ({ at: formatInstant(at), local: localTime(at, zone) }));
        print.result(shown, () =>
          shown.length === 0
            ? "It never ticks again."
            : print.table(
                [
                  { title: "TICK", cell: ({ at }) => at },
                  { title: zone, cell: ({ local }) => local },
                ],
                shown,
              ),
        );
      }),
    );
}

/** What is done to one schedule, and what is said of it then. */
function addVerbs(schedules: Command, terminal: Terminal): void {
  const verb = (name: string, description: string) =>
    addBy(schedules.command(name)).description(description).argument("<name>", "the schedule");
  verb("pause", "let no tick fire until it is resumed, whatever is deployed").action(
    (name: string, options: ByOption, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        await client.schedules.pause(name, whoOf(options, terminal));
        print.result({ paused: name }, () => `paused ${name}`);
      }),
  );
  verb("resume", "go on with the next tick from now").action(
    (name: string, options: ByOption, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        await client.schedules.resume(name, whoOf(options, terminal));
        const { nextAt = null } = (await client.schedules.get(name)) ?? {};
        const next = formatInstant(nextAt);
        print.result({ resumed: name, nextAt: next }, () => `resumed ${name}, next ${next}`);
      }),
  );
  verb("run-now", "make its job now, besides its ticks").action(
    (name: string, options: ByOption, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        const { id, outcome } = await client.schedules.runNow(name, whoOf(options, terminal));
        print.result({ id, outcome }, () => `${outcome} job ${id}`);
      }),
  );
  verb("remove", "remove it; what code declares comes back when it is declared again").action(
    (name: string, options: ByOption, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        await client.schedules.remove(name, whoOf(options, terminal));
        print.result({ removed: name }, () => `removed ${name}`);
      }),
  );
}

function readTiming(name: string | undefined, options: PreviewOptions): ScheduleTiming {
  const { cron, timeZone, every } = options;
  const timing = {
    ...(cron === undefined ? {} : { cron }),
    ...(timeZone === undefined ? {} : { timeZone }),
    // It is read as any text is.
    ...(every === undefined ? {} : { every: every as NonNullable<ScheduleTiming["every"]> }),
  };
  const given = Object.keys(timing).length > 0;
  if ((name === undefined) === given) return timing;
  throw wrongUsage("preview takes the name of a schedule, or --cron or --every instead.");
}

function timingOf({ cron, timeZone, every }: Schedule): string | null {
  if (cron !== null) return `${cron} ${timeZone}`;
  return every === null ? null : `every ${every}`;
}

function fieldsOf(schedule: Schedule): (readonly [string, string | number | null])[] {
  const { job, failure, missed, maxMissed, pausedAt, pausedBy } = schedule;
  const paused = pausedBy === null ? "" : ` by ${pausedBy}`;
  return [
    ["schedule", schedule.name],
    ["group", schedule.group ?? "none, made by hand"],
    ["state", schedule.state],
    ["ticks", timingOf(schedule)],
    ["missed", missed === "all" ? `all, ${maxMissed} at most` : missed],
    ["overlap", schedule.overlap],
    ["job", job?.name ?? null],
    ["queue", job?.queue ?? null],
    ["priority", job?.priority ?? null],
    ["payload", job === null ? null : JSON.stringify(job.payload)],
    ["next", formatInstant(schedule.nextAt)],
    ["last", formatInstant(schedule.lastAt)],
    ["outcome", schedule.lastOutcome],
    ["last job", schedule.lastJob],
    ["paused", pausedAt === null ? null : `${formatInstant(pausedAt)}${paused}`],
    ["failure", failure === null ? null : `${failure.code}: ${failure.message}`],
    ["failed", failure === null ? null : `${formatInstant(failure.at)}, ${failure.tries} in a row`],
  ];
}

/** What a clock of the zone shows then. */
function localTime(at: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  return format.format(at);
}

function notFound(name: string): HoldfastError {
  return new HoldfastError(
    "SCHEDULE_NOT_FOUND",
    `There is no schedule ${JSON.stringify(name)}; holdfast schedules list prints those there are.`,
    { details: { schedule: name } },
  );
}
