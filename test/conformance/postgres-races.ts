import { admissionRaces } from "./admission-races.ts";
import { first, second } from "./postgres-place.ts";
import type { Place } from "./harness.ts";
import type { Chapter, Law } from "./law.ts";
import { pauseAt, type PausePoint, untilStuck } from "./postgres-pause.ts";
import { keyRaces } from "./key-races.ts";
import type { Meeting, Race } from "./race.ts";
import { races } from "./race-cases.ts";
import { watch } from "./eventually.ts";

/**
 * Each race with the driver's own statements on both sides: one call is stopped inside its transaction, the other one
 * goes as far as it can, then the first goes on.
 */
export const pausedRaceLaws: Chapter = (law) => {
  stopEach(law, [...races, ...keyRaces], ["its first change", "its commit"]);
  stopEach(law, admissionRaces, admissionPoints);
};

/** An admission is several statements: it is stopped before each of them. */
const admissionPoints: readonly PausePoint[] = [
  "its change of blocked",
  "its change of live",
  "its change of keylock",
  "its commit",
];

function stopEach(law: Law, cases: readonly Race[], points: readonly PausePoint[]): void {
  for (const { title, play } of cases) {
    for (const point of points) {
      law(`${title}: the first stopped at ${point}`, async (place) => {
        await play(place.storage, await place.connect(), firstStopped(place, point));
      });
      law(`${title}: the second stopped at ${point}`, async (place) => {
        await play(place.storage, await place.connect(), secondStopped(place, point));
      });
    }
  }
}

function firstStopped(place: Place, point: PausePoint): Meeting {
  return (one, two) => meet(place, point, [first, one], [second, two]);
}

function secondStopped(place: Place, point: PausePoint): Meeting {
  return async (one, two) => {
    const [answer, other] = await meet(place, point, [second, two], [first, one]);
    return [other, answer];
  };
}

type Call<Value> = readonly [name: string, start: () => Promise<Value>];

async function meet<Stopped, Free>(
  place: Place,
  point: PausePoint,
  [stoppedName, startStopped]: Call<Stopped>,
  [freeName, startFree]: Call<Free>,
): Promise<readonly [Stopped, Free]> {
  const pause = await pauseAt(place, point, stoppedName);
  const stopped = await pause.arrive(startStopped);
  const free = watch(startFree());
  await untilStuck(place, freeName, free);
  await pause.release();
  const answers = [await stopped.promise, await free.promise] as const;
  await pause.remove();
  return answers;
}
