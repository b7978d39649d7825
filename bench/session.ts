import { type Member, startMember } from "./crew.ts";
import type { Plan } from "./options.ts";
import type { Place, Room } from "./places/place.ts";
import type { System } from "./system.ts";

/** What a run remembers of a system from one measurement to the next. */
export interface Memory {
  /** Rooms that later rounds of the same scenario use again. */
  readonly rooms: Map<string, Room>;
  /** Figures of this run so far, by measure. */
  readonly figures: Map<string, number[]>;
}

/** One system in one round of one scenario: everything it starts is ended with it. */
export interface Session {
  readonly system: System;
  readonly place: Place;
  readonly plan: Plan;
  readonly memory: Memory;
  /** This system's share of `jobs`, at least `least` of them, or the plan's. */
  share(jobs: number, least?: number): number;
  openRoom(label: string): Promise<Room>;
  /** The room kept under `label` until the scenario is over, made when first asked for. */
  keptRoom(label: string): Promise<Room>;
  startMember(room: Room): Member;
  /** Something a reader of the figures should know: printed as it happens, saved, and shown beside the figure. */
  remark(text: string): void;
  end(): Promise<void>;
}

export function openSession(
  system: System,
  place: Place,
  plan: Plan,
  memory: Memory,
  remark: (text: string) => void,
): Session {
  const rooms: Room[] = [];
  const members: Member[] = [];

  async function keptRoom(label: string): Promise<Room> {
    const kept = memory.rooms.get(label);
    if (kept !== undefined) return kept;
    const room = await place.openRoom(`${system.name}_${label}`);
    memory.rooms.set(label, room);
    return room;
  }

  return {
    system,
    place,
    plan,
    memory,
    share: (jobs, least = plan.leastJobs) =>
      Math.min(jobs, Math.max(least, Math.round(jobs * (system.share ?? 1)))),
    async openRoom(label) {
      const room = await place.openRoom(`${system.name}_${label}`);
      rooms.push(room);
      return room;
    },
    keptRoom,
    startMember(room) {
      const member = startMember(system, room.url);
      members.push(member);
      return member;
    },
    remark,
    async end() {
      await Promise.all(members.map((member) => member.end()));
      for (const room of rooms) await room.drop();
    },
  };
}
