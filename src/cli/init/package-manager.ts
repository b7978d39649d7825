/** The programs that install packages, and how each is asked. */
export const packageManagers = {
  npm: {
    lockfiles: ["package-lock.json", "npm-shrinkwrap.json"],
    run: "npm run",
    test: "npm test",
    exec: "npx",
    add: ["install"],
    addDev: ["install", "--save-dev"],
  },
  pnpm: {
    lockfiles: ["pnpm-lock.yaml", "pnpm-workspace.yaml"],
    run: "pnpm run",
    test: "pnpm test",
    exec: "pnpm exec",
    add: ["add"],
    addDev: ["add", "--save-dev"],
  },
  yarn: {
    lockfiles: ["yarn.lock"],
    run: "yarn run",
    test: "yarn test",
    exec: "yarn",
    add: ["add"],
    addDev: ["add", "--dev"],
  },
  bun: {
    lockfiles: ["bun.lock", "bun.lockb"],
    run: "bun run",
    test: "bun run test",
    exec: "bunx",
    add: ["add"],
    addDev: ["add", "--dev"],
  },
} as const;

/** What installs packages in a project. */
export type PackageManager = keyof typeof packageManagers;

/** The names, the likeliest last resort first. */
export const packageManagerNames = Object.keys(packageManagers) as readonly PackageManager[];

/** Which of them a folder speaks of: by `packageManager` of its `package.json`, else by a lockfile among its files. */
export function packageManagerIn(
  named: string | undefined,
  files: readonly string[],
): PackageManager | undefined {
  const byName = packageManagerNames.find((name) => named?.startsWith(`${name}@`));
  const byLock = packageManagerNames.find((name) =>
    packageManagers[name].lockfiles.some((file) => files.includes(file)),
  );
  return byName ?? byLock;
}
