/** The longest pause one timer of the platform can take. */
const longestMs = 2_147_483_647;

/**
 * Calls back once after `ms`, however many weeks that is; the returned function takes the call back.
 */
export function startTimer(ms: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout;
  function arm(leftMs: number): void {
    const stepMs = Math.min(leftMs, longestMs);
    timer = setTimeout(() => {
      if (leftMs > stepMs) arm(leftMs - stepMs);
      else callback();
    }, stepMs);
  }
  arm(ms);
  return () => clearTimeout(timer);
}
