import { readResults } from "./saved-run.ts";
import { isGood, judge } from "./verdict.ts";
import { verdictText } from "./verdict-text.ts";

const usage = "usage: npm run bench:verdict FILE...";

/** Prints the verdict of each file; the exit code is 1 unless every target of every file holds. */
function main(files: readonly string[]): number {
  if (files.length === 0 || files.some((file) => file.startsWith("-"))) {
    console.error(usage);
    return 2;
  }
  const good = files.map((file) => {
    const judgements = judge(readResults(file));
    console.log(verdictText(file, judgements));
    return isGood(judgements);
  });
  return good.every(Boolean) ? 0 : 1;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
