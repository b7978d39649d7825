import type { Command } from "commander";
import type { Client } from "../../core/client.ts";
import type { Duration } from "../../core/duration.ts";
import type { EnqueueOptions, EnqueueReceipt } from "../../core/enqueue-options.ts";
import { openContext } from "../command-context.ts";
import { wrongUsage } from "../exit-codes.ts";
import type { LoadedJobs } from "../load-jobs.ts";
import { readInstant, readNumber } from "../option-values.ts";
import type { Printer } from "../printer.ts";
import type { Terminal } from "../terminal.ts";

interface GivenOptions {
  readonly delay?: string;
  readonly runAt?: number;
  readonly priority?: number;
  readonly queue?: string;
  readonly key?: string;
  readonly lane?: string;
  readonly idempotencyKey?: string;
  readonly tag?: readonly string[];
}

/** `holdfast enqueue`: stores one job and prints its id and what became of the request. */
export function addEnqueue(program: Command, terminal: Terminal): void {
  program
    .command("enqueue")
    .description("store one job; prints its id and outcome")
    .argument("<name>", "the job's name, as its definition has it")
    .argument("[payload]", "JSON; - reads it from standard input")
    .option("--delay <duration>", "run no sooner than this from now, such as 10m")
    .option("--run-at <time>", "run no sooner than this, such as 2030-01-31T08:00:00Z", readInstant)
    .option("--priority <number>", "0 to 9, lower runs first", readNumber)
    .option("--queue <name>", "default: the definition's")
    .option("--key <key>", "unique key: an unfinished job that holds it is given instead")
    .option("--lane <key>", "one job of a lane runs at a time")
    .option("--idempotency-key <key>", "names this request, so that it may be repeated")
    .option("--tag <tags...>", "words to find the job by")
    .action(
      async (name: string, payload: string | undefined, given: GivenOptions, command: Command) => {
        const { print, jobs, onClient } = await openContext(command, terminal);
        const defined = await jobs();
        const input = await readPayload(payload, terminal);
        await onClient(async (client) => {
          const receipt = await enqueue(
            { client, defined, print },
            name,
            input,
            readOptions(given),
          );
          print.result(receipt, () => `${receipt.outcome} job ${receipt.id}${remark(receipt)}`);
        });
      },
    );
}

/** What an enqueue goes by. */
interface EnqueueParts {
  readonly client: Client;
  readonly defined: LoadedJobs | undefined;
  readonly print: Printer;
}

async function enqueue(
  { client, defined, print }: EnqueueParts,
  name: string,
  payload: unknown,
  options: EnqueueOptions,
): Promise<EnqueueReceipt> {
  const definition = defined?.definitions.get(name);
  if (definition !== undefined) return client.enqueue(definition, payload, options);
  const receipt = await client.enqueue(name, payload, options);
  print.note(
    defined === undefined
      ? `no definitions are known, so the payload of ${name} was not checked, and its queue, retries, unique key and lane are the defaults; name their modules as jobs in holdfast.config.ts.`
      : `the configuration defines no ${name}, so its payload was not checked, and its queue, retries, unique key and lane are the defaults; it defines ${[...defined.definitions.keys()].sort().join(", ")}.`,
  );
  return receipt;
}

async function readPayload(text: string | undefined, { input }: Terminal): Promise<unknown> {
  if (text === undefined) return undefined;
  let json = text === "-" ? "" : text;
  if (text === "-") for await (const chunk of input()) json += chunk;
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw wrongUsage(
      `The payload must be JSON, such as '{"email":"ada@example.com"}' in single quotes: ${why}.`,
      error,
    );
  }
}

function readOptions({ key, tag, delay, ...rest }: GivenOptions): EnqueueOptions {
  return {
    ...rest,
    ...(tag === undefined ? {} : { tags: tag }),
    ...(key === undefined ? {} : { unique: { key } }),
    // It is read as any text is.
    ...(delay === undefined ? {} : { delay: delay as Duration }),
  };
}

function remark({ kept }: EnqueueReceipt): string {
  return kept === false ? ", which has finished and is no longer kept" : "";
}
