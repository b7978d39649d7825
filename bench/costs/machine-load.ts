import { cpus } from "node:os";

/** CPU seconds that everything on the machine used so far. */
export function machineSeconds(): number {
  const milliseconds = cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq);
  return milliseconds.reduce((sum, value) => sum + value, 0) / 1000;
}

/** CPU seconds of this process so far. */
export function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
