import type { Command } from "commander";
import { diagnoseFailure, examine } from "../../client/doctor.ts";
import { HoldfastError } from "../../core/errors.ts";
import { checkNames, type Diagnosis, type Finding } from "../../core/finding.ts";
import { type CommandContext, openContext } from "../command-context.ts";
import { CommandEnd, exitCodeOf, exitCodes } from "../exit-codes.ts";
import { plain } from "../paint.ts";
import type { Printer } from "../printer.ts";
import { redact } from "../redact.ts";
import type { Terminal } from "../terminal.ts";

interface DoctorFlags {
  readonly strict?: boolean;
}

/** `holdfast doctor`: what is wrong with a database, and what to do about it. */
export function addDoctor(program: Command, terminal: Terminal): void {
  program
    .command("doctor")
    .description(
      "look at the database, the schema, the workers and what waits, and say what is wrong",
    )
    .option("--strict", "exit with 1 for warnings as well")
    .action(async ({ strict = false }: DoctorFlags, command: Command) => {
      const context = await openContext(command, terminal);
      const diagnosis = await diagnose(context);
      context.print.result(diagnosis, () => format(diagnosis, context.print));
      const isWell = strict ? diagnosis.findings.length === 0 : diagnosis.healthy;
      if (!isWell) throw new CommandEnd();
    });
}

/** A database that cannot be opened is what the doctor is there for. */
async function diagnose({ database, onStorage }: CommandContext): Promise<Diagnosis> {
  database();
  let diagnosis: Diagnosis | undefined;
  try {
    await onStorage("refuse", async (storage) => {
      diagnosis = await examine({ storage, call: "holdfast doctor" });
    });
  } catch (error) {
    const isFinding = error instanceof HoldfastError && exitCodeOf(error) !== exitCodes.usage;
    if (!isFinding) throw error;
    return diagnosis ?? diagnoseFailure(error);
  }
  if (diagnosis === undefined) throw new Error("the storage was opened and not looked at");
  return diagnosis;
}

function format({ findings, checked }: Diagnosis, print: Printer): string {
  const checks = checkNames.filter((name) => checked.includes(name));
  const lines = checks.flatMap((name) => {
    const found = findings.filter(({ check }) => check === name);
    return found.length === 0
      ? [`${print.paint("green", "ok".padEnd(8))} ${name}`]
      : found.map((finding) => describe(finding, print));
  });
  return [...lines, "", sum(findings)].join("\n");
}

function describe({ level, code, title, detail, fix }: Finding, { paint }: Printer): string {
  const mark = paint(level === "error" ? "red" : "yellow", level.padEnd(8));
  const told = [detail, fix].map((text) => `${" ".repeat(9)}${plain(redact(text))}`);
  return [`${mark} ${code}: ${title}`, ...told].join("\n");
}

function sum(findings: readonly Finding[]): string {
  if (findings.length === 0) return "Nothing is wrong.";
  const errors = findings.filter(({ level }) => level === "error").length;
  return `${counted(errors, "error")}, ${counted(findings.length - errors, "warning")}.`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
