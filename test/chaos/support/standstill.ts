const everyMs = 10;

/** Watches this thread's event loop until asked; gives the longest it stood still, in milliseconds. */
export function watchStandstill(): () => number {
  let turned = performance.now();
  let longest = 0;
  function turn(): void {
    const now = performance.now();
    longest = Math.max(longest, now - turned - everyMs);
    turned = now;
  }
  const timer = setInterval(turn, everyMs);
  return () => {
    clearInterval(timer);
    turn();
    return Math.round(longest);
  };
}
