import { setTimeout as sleep } from "node:timers/promises";

const lookEveryMs = 20;

/**
 * Asks again and again until the answer is neither `undefined` nor false, and gives it; fails after `ms` by naming what did
 * not come about.
 */
export async function until<Answer>(
  what: string,
  ms: number,
  ask: () => Promise<Answer | undefined | false> | Answer | undefined | false,
): Promise<Answer> {
  const end = performance.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end)
      throw new Error(`Within ${ms} ms it did not come about that ${what}.`);
    await sleep(lookEveryMs);
  }
}
