import type { Command } from "commander";
import type { Queue } from "../../core/queue.ts";
import type { QueueChange } from "../../core/queues-client.ts";
import type { BackoffCurve, BackoffPolicy } from "../../core/retry-policy.ts";
import type { Duration } from "../../core/duration.ts";
import { HoldfastError } from "../../core/errors.ts";
import { addBy, whoOf, type ByOption } from "../by-option.ts";
import { withClient } from "../command-context.ts";
import { wrongUsage } from "../exit-codes.ts";
import type { Colour } from "../paint.ts";
import type { Column } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { formatInstant, formatSpan } from "../time-text.ts";

interface UpdateOptions extends ByOption {
  readonly concurrency?: string;
  readonly maxRunning?: string;
  readonly backoff?: string;
  readonly keepCompleted?: string;
  readonly keepDead?: string;
  readonly cooling?: string;
}

const columns: readonly Column<Queue>[] = [
  { title: "QUEUE", cell: ({ name }) => name },
  { title: "STATE", cell: stateOf, colour: colourOf },
  { title: "AVAILABLE", cell: ({ available }) => available },
  { title: "RUNNING", cell: ({ running }) => running },
  { title: "MAX", cell: ({ maxRunning }) => maxRunning ?? "any" },
  { title: "BLOCKED", cell: ({ blocked }) => blocked },
  { title: "SCHEDULED", cell: ({ scheduled }) => scheduled },
  { title: "WORKERS", cell: ({ servedBy }) => servedBy.length },
];

/** `holdfast queues`: the queues with their settings and workers, and what an operator does to them. */
export function addQueues(program: Command, terminal: Terminal): void {
  const queues = program
    .command("queues")
    .description("look at queues, pause them and change their settings");
  addList(queues, terminal);
  addShow(queues, terminal);
  addPauses(queues, terminal);
  addUpdate(queues, terminal);
}

function addList(queues: Command, terminal: Terminal): void {
  queues
    .command("list")
    .description("list the queues, what is in them and how many workers serve each")
    .action((_options: object, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        const found = await client.queues.list();
        print.result(found, () =>
          found.length === 0 ? "No queues." : print.table(columns, found),
        );
        for (const { name, unserved } of found) {
          if (unserved) print.note(`jobs wait in ${name}, and no live worker serves it`);
        }
      }),
    );
}

function addShow(queues: Command, terminal: Terminal): void {
  queues
    .command("show")
    .description("show one queue: what is in it, its settings and its workers")
    .argument("<name>", "the queue")
    .action((name: string, _options: object, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        const found = await client.queues.get(name);
        if (found === undefined) throw unknownQueue(name);
        print.result(found, () => print.fields(fieldsOf(found)));
      }),
    );
}

function addPauses(queues: Command, terminal: Terminal): void {
  const verb = (name: string, description: string) =>
    addBy(queues.command(name)).description(description).argument("<name>", "the queue");
  verb("pause", "let nothing new begin; running jobs finish untouched").action(
    (name: string, options: ByOption, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        refusePattern(name);
        const known = await client.queues.get(name);
        await client.queues.pause(name, whoOf(options, terminal));
        if (known === undefined) print.note(unheardOf(name));
        print.result({ paused: name }, () => `paused ${name}`);
      }),
  );
  verb("resume", "let jobs begin again").action(
    (name: string, options: ByOption, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        refusePattern(name);
        await client.queues.resume(name, whoOf(options, terminal));
        print.result({ resumed: name }, () => `resumed ${name}`);
      }),
  );
}

function addUpdate(queues: Command, terminal: Terminal): void {
  addBy(queues.command("update"))
    .description("change settings of a queue; running workers follow within two seconds")
    .argument("<name>", "the queue, which need not exist yet")
    .option("--max-running <count>", "jobs at once in all processes together, or none")
    .option("--concurrency <count>", "jobs at once in each process, or none for the workers' own")
    .option(
      "--backoff <curve>",
      "how failed jobs come back, such as min=1s,max=10m,factor=2,jitter=0.2, or none",
    )
    .option("--keep-completed <duration>", "how long completed jobs are kept, or none for 7d")
    .option("--keep-dead <duration>", "cancelled and discarded ones, or none for 30d")
    .option("--cooling <none>", "none ends its cooling-down after a throttle")
    .action((name: string, options: UpdateOptions, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        refusePattern(name);
        await client.queues.update(name, { ...readChange(options), ...whoOf(options, terminal) });
        print.result({ changed: name }, () => `changed ${name}`);
      }),
    );
}

function stateOf({ paused, closedUntil, unserved }: Queue): string {
  if (paused) return "paused";
  if (closedUntil !== null && closedUntil > Date.now()) {
    return `cooling until ${formatInstant(closedUntil)}`;
  }
  return unserved ? "unserved" : "open";
}

function colourOf(queue: Queue): Colour | undefined {
  if (queue.unserved) return "red";
  return stateOf(queue) === "open" ? undefined : "yellow";
}

function fieldsOf(queue: Queue): readonly (readonly [string, string | number | null])[] {
  const { backoff, retention, changedAt, changedBy, servedBy } = queue;
  return [
    ["queue", queue.name],
    ["state", stateOf(queue)],
    ["available", queue.available],
    ["running", queue.running],
    ["blocked", queue.blocked],
    ["scheduled", queue.scheduled],
    ["max running", queue.maxRunning ?? "any"],
    ["concurrency", queue.concurrency ?? "as the workers say"],
    ["backoff", backoff === null ? "as the definitions say" : curveText(backoff)],
    ["keeps completed", retention.completed === null ? "7d" : formatSpan(retention.completed)],
    ["keeps dead", retention.dead === null ? "30d" : formatSpan(retention.dead)],
    ["workers", servedBy.length === 0 ? "none" : servedBy.join(", ")],
    ["changed", changedAt === null ? null : `${formatInstant(changedAt)}${by(changedBy)}`],
  ];
}

const by = (who: string | null): string => (who === null ? "" : ` by ${who}`);

function curveText({ minMs, maxMs, factor, jitter }: BackoffPolicy): string {
  return `${formatSpan(minMs)} to ${formatSpan(maxMs)}, factor ${factor}, jitter ${jitter}`;
}

function readChange(options: UpdateOptions): QueueChange {
  const { concurrency, maxRunning, backoff, keepCompleted, keepDead, cooling } = options;
  const retention = {
    ...(keepCompleted === undefined ? {} : { completed: readKept(keepCompleted) }),
    ...(keepDead === undefined ? {} : { dead: readKept(keepDead) }),
  };
  const change = {
    ...(concurrency === undefined ? {} : { concurrency: readCount("--concurrency", concurrency) }),
    ...(maxRunning === undefined ? {} : { maxRunning: readCount("--max-running", maxRunning) }),
    ...(backoff === undefined ? {} : { backoff: readCurve(backoff) }),
    ...(Object.keys(retention).length === 0 ? {} : { retention }),
    ...(cooling === undefined ? {} : { cooling: readCooling(cooling) }),
  };
  if (Object.keys(change).length === 0) {
    throw wrongUsage("Say what to change, such as --max-running 7; --help lists what there is.");
  }
  return change;
}

function readCount(option: string, text: string): number | null {
  if (text === "none") return null;
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw wrongUsage(
    `${option} must be a whole number of at least 1, or none; got ${JSON.stringify(text)}.`,
  );
}

function readCooling(text: string): null {
  if (text === "none") return null;
  throw wrongUsage(`--cooling can only be none, which ends it; got ${JSON.stringify(text)}.`);
}

/** It is read as any duration is. */
function readKept(text: string): Duration | null {
  return text === "none" ? null : (text as Duration);
}

function readCurve(text: string): BackoffCurve | null {
  if (text === "none") return null;
  const parts = text.split(",").map((part) => part.trim().split("="));
  if (
    parts.some(([name = "", value = "", ...rest]) => name === "" || value === "" || rest.length > 0)
  ) {
    throw wrongUsage(
      `--backoff must be a curve such as min=1s,max=10m, or none; got ${JSON.stringify(text)}.`,
    );
  }
  return Object.fromEntries(
    parts.map(([name = "", value = ""]) =>
      name === "factor" || name === "jitter" ? [name, Number(value)] : [name, value],
    ),
  ) as BackoffCurve;
}

/** A pattern is understood where queues are looked for or served; here it would name a queue of its own. */
function refusePattern(name: string): void {
  if (!name.includes("*")) return;
  throw wrongUsage(`${name} is a pattern; name one queue. holdfast queues list shows them.`);
}

function unheardOf(name: string): string {
  return `nothing was known of a queue ${name} so far: it has no jobs, no settings and no worker. Is the name right?`;
}

function unknownQueue(name: string): HoldfastError {
  return new HoldfastError(
    "QUEUE_NOT_FOUND",
    `There is no queue ${JSON.stringify(name)}; holdfast queues list shows those there are.`,
    { details: { queue: name } },
  );
}
