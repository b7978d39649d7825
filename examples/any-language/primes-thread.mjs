// @ts-check
// A thread: counts primes, which would keep the event loop of a worker busy.
import { serveThread } from "holdfast/process";

serveThread((/** @type {{ below: number }} */ { below }, job) => {
  let primes = 0;
  for (let number = 2; number < below; number++) {
    if (isPrime(number)) primes++;
    if (number % 10_000 === 0) job.progress(number);
  }
  return primes;
});

/** @param {number} number */
function isPrime(number) {
  for (let divisor = 2; divisor * divisor <= number; divisor++) {
    if (number % divisor === 0) return false;
  }
  return true;
}
