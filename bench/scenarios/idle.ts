import { setTimeout as sleep } from "node:timers/promises";
import type { Member } from "../crew.ts";
import type { Room } from "../places/place.ts";
import type { Figures, Scenario } from "../scenario.ts";
import type { Session } from "../session.ts";
import { trackStatements } from "./track-statements.ts";

const workersOf: Readonly<Record<string, number>> = {
  "idle-statements-1": 1,
  "idle-statements-10": 10,
};

/**
 * Statements per minute of workers that have nothing to do. All systems idle at the same time, each in a database of its
 * own: it would take an hour otherwise, and idle systems do not disturb each other.
 */
export const idleStatements: Scenario = {
  id: "idle-statements",
  measures: Object.keys(workersOf).map((id) => ({ id, unit: "per min", better: "lower" })),
  backends: ["postgres"],
  otherwise: "it runs no statements on PostgreSQL",
  once: true,
  slowInFull: true,
  async measureTogether(sessions) {
    const seats = await Promise.all(sessions.map(openSeat));
    const plan = sessions[0]?.plan;
    await sleep(plan?.idleSettleMs ?? 0);
    const before = await countAll(seats);
    await sleep(plan?.idleMs ?? 0);
    const after = await countAll(seats);
    const minutes = (plan?.idleMs ?? 0) / 60_000;
    return seats.map((seat, index) => {
      if (seat instanceof Error) return seat;
      const counts = [...seat.keys()].map((id) => {
        const count = (after[index]?.[id] ?? 0) - (before[index]?.[id] ?? 0);
        return [id, count / minutes] as const;
      });
      return Object.fromEntries(counts);
    });
  },
};

/** The rooms where a system's workers idle, by measure. */
type Seat = ReadonlyMap<string, Room> | Error;

async function openSeat(session: Session): Promise<Seat> {
  const rooms = new Map<string, Room>();
  try {
    const asked = Object.entries(workersOf).filter(([id]) => session.plan.measures.has(id));
    await Promise.all(
      asked.map(async ([id, workers]) => rooms.set(id, await startIdling(session, id, workers))),
    );
    return rooms;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The workers share a process where the system lets them: what counts is their connections' statements. */
async function startIdling(session: Session, label: string, workers: number): Promise<Room> {
  const room = await session.openRoom(label);
  await trackStatements(room);
  const processes = session.system.onePerProcess === true ? workers : 1;
  const members = Array.from({ length: processes }, () => session.startMember(room));
  await members[0]?.ask("prepare", null);
  await Promise.all(members.map((member) => startWorkers(member, workers / processes)));
  return room;
}

async function startWorkers(member: Member, workers: number): Promise<void> {
  for (let opened = 0; opened < workers; opened++) {
    await member.ask("openConsumer", { aim: "throughput" });
  }
  await member.ask("start", null);
}

/** One after the other: they share a connection. */
async function countAll(seats: readonly Seat[]): Promise<readonly Figures[]> {
  const counts: Figures[] = [];
  for (const seat of seats) {
    const figures: Record<string, number> = {};
    for (const [id, room] of seat instanceof Error ? [] : seat) {
      figures[id] = (await room.sql?.statements()) ?? 0;
    }
    counts.push(figures);
  }
  return counts;
}
