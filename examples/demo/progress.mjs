// @ts-check

const barWidth = 24;
const windowMs = 5_000;
const lineEveryMs = 1_000;
const clearLine = "\r\u001B[2K";

/** @typedef {{ done: number, failed: number }} Progress */

/**
 * Shows how far the jobs are: a bar that redraws itself on a terminal, else a line every second.
 * @param {number} total
 * @param {NodeJS.WriteStream} stream
 */
export function createProgress(total, stream) {
  /** @type {{ at: number, done: number }[]} */
  const seen = [{ at: performance.now(), done: 0 }];
  let lastLine = Number.NEGATIVE_INFINITY;

  /** @param {Progress} progress */
  function describe({ done, failed }) {
    const now = performance.now();
    seen.push({ at: now, done });
    while (seen.length > 2 && now - (seen[0]?.at ?? now) > windowMs) seen.shift();
    const first = seen[0] ?? { at: now, done };
    const perSecond = ((done - first.done) / Math.max(1, now - first.at)) * 1_000;
    const left = (total - done - failed) / perSecond;
    return [
      `${count(done)} of ${count(total)} done`,
      `${count(failed)} failed`,
      `${count(Math.round(perSecond))} jobs/s`,
      `${Number.isFinite(left) ? Math.ceil(left) : "?"} s left`,
    ].join("  ");
  }

  return {
    /** @param {Progress} progress */
    show(progress) {
      const text = describe(progress);
      if (stream.isTTY) {
        const line = `${bar((progress.done + progress.failed) / total)} ${text}`;
        stream.write(clearLine + line.slice(0, stream.columns - 1));
      } else if (performance.now() - lastLine >= lineEveryMs) {
        lastLine = performance.now();
        stream.write(`  ${text}\n`);
      }
    },
    /**
     * Writes a line above the bar.
     * @param {string} line
     */
    say(line) {
      stream.write(`${stream.isTTY ? clearLine : ""}${line}\n`);
    },
  };
}

/** @param {number} share */
function bar(share) {
  const full = Math.min(barWidth, Math.floor(share * barWidth));
  return "█".repeat(full) + "░".repeat(barWidth - full);
}

/**
 * A number as people read it: 12,345.
 * @param {number} number
 */
export const count = (number) => number.toLocaleString("en");
