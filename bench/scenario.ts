import type { Plan } from "./options.ts";
import type { Session } from "./session.ts";
import type { Backend } from "./system.ts";

/** One figure of a scenario. */
export interface Measure {
  readonly id: string;
  readonly unit: string;
  readonly better: "higher" | "lower";
}

/** Figures by their measure's id; one that does not apply to the system is left out. */
export type Figures = Readonly<Record<string, number>>;

/** Something that is measured of every system alike. */
export interface Scenario {
  readonly id: string;
  readonly measures: readonly Measure[];
  readonly backends: readonly Backend[];
  /** Why systems on other backends, or others than those of `of`, are not measured. */
  readonly otherwise?: string;
  /** Only this system is measured. */
  readonly of?: string;
  /** Only this system is measured in a long run. */
  readonly ofInLong?: string;
  /** True where a peer's presets hardly differ, or only in what is not measured here: the first one is measured. */
  readonly onePreset?: boolean;
  /** True where slow systems take long and a quick run has others to see them work: it leaves them out. */
  readonly slowInFull?: boolean;
  /** True where one round says enough. */
  readonly once?: boolean;
  /** What takes long and comes before the first round: of all systems at the same time. */
  prepare?(session: Session): Promise<void>;
  measure?(session: Session): Promise<Figures>;
  /** For what takes long and disturbs nobody: all systems at the same time. Failures are answered per system. */
  measureTogether?(sessions: readonly Session[]): Promise<readonly (Figures | Error)[]>;
}

/** Which measures of a scenario were asked for. */
export const wanted = (scenario: Scenario, { measures }: Plan): readonly Measure[] =>
  scenario.measures.filter(({ id }) => measures.has(id));
