import type { Command } from "commander";
import { CommandEnd, wrongUsage } from "../exit-codes.ts";
import { describePlan, type InitPlan, isIdle, planJson, planText } from "../init/init-plan.ts";
import { installCommands, runInstall } from "../init/install-packages.ts";
import { jobsScaffold } from "../init/jobs-scaffold.ts";
import { type Language, readProject } from "../init/read-project.ts";
import { taskScaffold } from "../init/task-scaffold.ts";
import { planChanges, writeChanges } from "../init/write-scaffold.ts";
import { createPrinter, type Printer } from "../printer.ts";
import type { Terminal } from "../terminal.ts";

interface InitOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly job?: string;
  readonly typescript?: boolean;
  readonly javascript?: boolean;
  readonly install: boolean;
  readonly json?: boolean;
}

/** `holdfast init`: adds to a project what it takes to have jobs. What is there is never overwritten, so it may be run again. */
export function addInit(program: Command, terminal: Terminal): void {
  program
    .command("init")
    .description("set a project up: configuration, a first job with its test, a worker, scripts")
    .option("--yes", "ask nothing; nor is anything asked where nobody could answer")
    .option("--dry-run", "show what would be written and installed, and do nothing")
    .option("--job <name>", "instead of all that, a process that does one thing and ends")
    .option("--typescript", "default where there is a tsconfig.json or the package typescript")
    .option("--javascript", "default everywhere else")
    .option("--no-install", "install no package that is missing; say which")
    .action(async (_options: InitOptions, command: Command) => {
      const options = command.optsWithGlobals<InitOptions>();
      const plan = planOf(options);
      const print = createPrinter(terminal, options.json === true);
      if (options.dryRun !== true) await carryOut(plan, options, { terminal, print });
      else print.result(planJson(plan), () => planText(plan, print, "would be "));
    });
}

function planOf(options: InitOptions): InitPlan {
  const project = readProject(process.cwd(), languageOf(options));
  const { job } = options;
  const scaffold = job === undefined ? jobsScaffold(project) : taskScaffold(project, job);
  return {
    project,
    scaffold,
    changes: planChanges(project, scaffold),
    installs: installCommands(project.packageManager, scaffold.needs),
  };
}

function languageOf({ typescript, javascript }: InitOptions): Language | undefined {
  if (typescript === true && javascript === true) {
    throw wrongUsage("--typescript and --javascript exclude each other; give one of them.");
  }
  if (typescript === true) return "TypeScript";
  return javascript === true ? "JavaScript" : undefined;
}

interface Speaking {
  readonly terminal: Terminal;
  readonly print: Printer;
}

async function carryOut(
  plan: InitPlan,
  options: InitOptions,
  { terminal, print }: Speaking,
): Promise<void> {
  if (!isIdle(plan) && mayAsk(options, terminal)) {
    terminal.err(`${describePlan(plan)}\nGo on? [Y/n] `);
    if (!isYes(await readLine(terminal))) return print.note("nothing was changed.");
  }
  writeChanges(plan.project, plan.changes);
  const left = options.install ? await install(plan, print) : plan.installs;
  const done = { ...plan, installs: left };
  print.result(planJson(done), () => planText(done, print, ""));
  if (options.install && left.length > 0) throw new CommandEnd();
}

/** Installs what is missing; gives the commands that failed. */
async function install({ project, installs }: InitPlan, print: Printer) {
  const failed: (readonly string[])[] = [];
  for (const command of installs) {
    print.note(command.join(" "));
    if (!(await runInstall(command, project.folder))) failed.push(command);
  }
  return failed;
}

function mayAsk({ yes, json }: InitOptions, { isTerminal }: Terminal): boolean {
  return yes !== true && json !== true && isTerminal.in && isTerminal.err;
}

async function readLine({ input }: Terminal): Promise<string> {
  let text = "";
  for await (const chunk of input()) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  return text;
}

/** Enter alone is a yes; the end of the input is none. */
function isYes(line: string): boolean {
  return /^\s*(y|yes)?\s*\n/i.test(line);
}
