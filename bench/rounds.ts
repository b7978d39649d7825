import { setTimeout as sleep } from "node:timers/promises";
import { versionOf } from "./machine.ts";
import type { Plan } from "./options.ts";
import type { Place } from "./places/place.ts";
import { elapsed } from "./elapsed.ts";
import type { NotRun, Remark, Sample } from "./samples.ts";
import { roundCount } from "./round-count.ts";
import { type Figures, type Scenario, wanted } from "./scenario.ts";
import { type Memory, openSession, type Session } from "./session.ts";
import { type Backend, fullName, type System } from "./system.ts";

/** What is measured, what was not, and what is to be said about it, as the run goes on. */
export interface Findings {
  readonly samples: Sample[];
  readonly notRun: NotRun[];
  readonly remarks: Remark[];
}

export interface Course {
  readonly plan: Plan;
  readonly places: ReadonlyMap<Backend, Place | Error>;
  readonly findings: Findings;
  readonly say: (line: string) => void;
}

/** Runs every scenario, round by round, the systems in turn: A B C, then B C A. A failing system is named and left out. */
export async function runRounds(course: Course): Promise<void> {
  const memories = new Map<string, Memory>();
  for (const scenario of course.plan.scenarios) {
    const startedAt = Date.now();
    course.say(`\n${scenario.id}`);
    const systems = course.plan.systems.filter((system) => admit(course, scenario, system));
    const runner = createRunner(course, scenario, memories);
    if (scenario.measureTogether === undefined) await runner.inTurn(systems);
    else await runner.together(systems);
    for (const memory of memories.values()) await forgetRooms(memory);
    course.say(`  ${scenario.id} took ${elapsed(startedAt)}`);
  }
}

/** False, with the reason noted, for a system that cannot be measured in this scenario. */
function admit(course: Course, scenario: Scenario, system: System): boolean {
  const reason = whyNot(course, scenario, system);
  if (reason === undefined) return true;
  note(course, scenario, system, reason);
  return false;
}

function whyNot({ places, plan }: Course, scenario: Scenario, system: System): string | undefined {
  if (!scenario.backends.includes(system.backend)) return scenario.otherwise ?? "does not apply";
  if (scenario.of !== undefined && scenario.of !== system.name) return scenario.otherwise;
  if (
    plan.form === "long" &&
    scenario.ofInLong !== undefined &&
    scenario.ofInLong !== system.name
  ) {
    return "the usual run has its figures";
  }
  const standIn = plan.systems.find(({ name }) => name === system.presetOf)?.name;
  const quick = plan.form === "quick";
  if (standIn !== undefined && (quick || scenario.onePreset === true)) {
    return `measured by ${standIn}, ${quick ? "in a quick run" : "whose settings hardly differ here"}`;
  }
  if (quick && scenario.slowInFull === true && system.rounds === 1) {
    return "too slow for a quick run";
  }
  const place = places.get(system.backend);
  if (place instanceof Error) return place.message;
  if (place === undefined) return `no ${system.backend}`;
  return versionOf(system) === undefined ? `${system.package} is not installed` : undefined;
}

function note({ findings, plan }: Course, scenario: Scenario, system: System, reason: string) {
  const { name, backend } = system;
  for (const { id } of wanted(scenario, plan)) {
    findings.notRun.push({ scenario: id, backend, system: name, reason });
  }
}

function createRunner(course: Course, scenario: Scenario, memories: Map<string, Memory>) {
  const { rounds } = course.plan;
  const desk = createDesk(course, scenario);

  function open(system: System): Session {
    const memory = memories.get(fullName(system)) ?? { rooms: new Map(), figures: new Map() };
    memories.set(fullName(system), memory);
    const place = course.places.get(system.backend) as Place;
    return openSession(system, place, course.plan, memory, (text) => desk.remark(system, text));
  }

  /** A failure is noted and ends nothing but the system's part in this scenario. */
  async function attempt(system: System, work: (session: Session) => Promise<void>): Promise<void> {
    const session = open(system);
    try {
      await work(session);
    } catch (error) {
      desk.fail(system, error);
    } finally {
      await session.end();
    }
  }

  return {
    async inTurn(systems: readonly System[]): Promise<void> {
      const { prepare } = scenario;
      if (prepare !== undefined) {
        await Promise.all(systems.map((system) => attempt(system, prepare)));
      }
      for (let round = 1; round <= rounds; round++) {
        for (const system of rotated(systems, round - 1)) {
          if (desk.hasFailed(system) || round > roundCount(rounds, scenario, system)) continue;
          const startedAt = Date.now();
          await attempt(system, async (session) => {
            desk.record(session, round, (await scenario.measure?.(session)) ?? {}, startedAt);
          });
          await sleep(course.plan.pauseMs);
        }
      }
    },
    together: (systems: readonly System[]) => runTogether(scenario, systems.map(open), desk),
  };
}

async function runTogether(
  scenario: Scenario,
  sessions: readonly Session[],
  desk: ReturnType<typeof createDesk>,
): Promise<void> {
  const startedAt = Date.now();
  try {
    const answers = (await scenario.measureTogether?.(sessions)) ?? [];
    for (const [index, session] of sessions.entries()) {
      const answer = answers[index] ?? new Error("no answer");
      if (answer instanceof Error) desk.fail(session.system, answer);
      else desk.record(session, 1, answer, startedAt);
    }
  } finally {
    await Promise.all(sessions.map((session) => session.end()));
  }
}

/** Where a scenario's figures, remarks and failures are written down. */
function createDesk(course: Course, scenario: Scenario) {
  const { plan, say, findings } = course;
  const failed = new Set<System>();
  return {
    hasFailed: (system: System) => failed.has(system),
    record({ system, memory }: Session, round: number, figures: Figures, startedAt: number): void {
      const { name, backend } = system;
      const shown: string[] = [];
      for (const { id, unit, better } of wanted(scenario, plan)) {
        const value = figures[id];
        if (value === undefined) continue;
        if (!Number.isFinite(value)) throw new Error(`${id} has no figure`);
        findings.samples.push({ scenario: id, backend, system: name, unit, better, round, value });
        memory.figures.set(id, [...(memory.figures.get(id) ?? []), value]);
        shown.push(`${id === scenario.id ? "" : `${id} `}${show(value)} ${unit}`);
      }
      const seconds = ((Date.now() - startedAt) / 1_000).toFixed(1);
      say(`  ${round}  ${fullName(system).padEnd(30)} ${shown.join(", ")}  (${seconds} s)`);
    },
    remark(system: System, text: string): void {
      const { name, backend } = system;
      for (const { id } of wanted(scenario, plan)) {
        findings.remarks.push({ scenario: id, backend, system: name, text });
      }
      say(`  ! ${fullName(system)} ${text}`);
    },
    fail(system: System, error: unknown): void {
      const reason = firstLines(error instanceof Error ? error.message : String(error));
      failed.add(system);
      note(course, scenario, system, reason);
      say(`  ! ${fullName(system)} not run: ${reason}`);
    },
  };
}

function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const from = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(from), ...list.slice(0, from)];
}

async function forgetRooms({ rooms }: Memory): Promise<void> {
  for (const room of rooms.values()) await room.drop();
  rooms.clear();
}

const show = (value: number) =>
  value >= 100 ? Math.round(value).toString() : value.toPrecision(3);

const firstLines = (text: string) => text.split("\n").slice(0, 3).join(" ").slice(0, 300);
