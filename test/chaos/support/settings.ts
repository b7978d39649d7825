/** True in `npm run test:stress` and `npm run test:kill`; `npm test` runs the short forms. */
export const stress = process.env["HOLDFAST_STRESS"] === "1";

/** How long a load lasts, in seconds: what `--seconds` says, else the given length of the short form. */
export function secondsOf(short: number): number {
  const given = Number(process.env["HOLDFAST_SECONDS"]);
  return stress && given > 0 ? given : short;
}

/** The databases every test that can runs on. */
export const databases = ["sqlite", "postgres"] as const;
