import { main } from "./main.mjs";
import { readMutants } from "./mutant-patches.mjs";
import { copyTree } from "./mutant-tree.mjs";
import { ready } from "./ready.mjs";

/** @typedef {import("./mutant-patches.mjs").Mutant} Mutant */
/** @typedef {import("./mutant-tree.mjs").MutantTree} MutantTree */

const usage =
  "usage: npm run test:mutants -- [WORD...]   a word picks the patches whose names contain it";

/**
 * Breaks a copy of the tree in every way that test/mutants knows, one after the other. Succeeds only if each patch applies and
 * compiles, its test passes without it and fails with it.
 */
main(async () => {
  const mutants = chosen(process.argv.slice(2));
  await ready();
  const tree = copyTree();
  try {
    await tree.compile();
    const unfit = await expectWhole(tree, mutants);
    let wrong = unfit.length;
    for (const mutant of mutants) {
      if (!unfit.includes(mutant) && !(await isNoticed(tree, mutant))) wrong += 1;
    }
    console.log(
      `${mutants.length - wrong} of ${mutants.length} ways to break the code are noticed`,
    );
    return wrong === 0 ? 0 : 1;
  } finally {
    tree.remove();
  }
});

/** @param {readonly string[]} words */
function chosen(words) {
  const mutants = readMutants().filter(
    ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
  );
  if (mutants.length === 0 || words.some((word) => word.startsWith("-"))) throw new Error(usage);
  return mutants;
}

/**
 * The tests that do not pass although nothing is broken.
 * @param {MutantTree} tree
 * @param {readonly Mutant[]} mutants
 */
async function expectWhole(tree, mutants) {
  const verdicts = await tree.test(mutants);
  const unfit = mutants.filter((mutant) => verdicts.get(mutant) !== "passed");
  for (const mutant of unfit) {
    const what = verdicts.get(mutant) === "failed" ? "fails without it" : "was not found";
    say("WRONG", mutant, `its test ${what}: ${mutant.file}: ${mutant.test}`);
  }
  return unfit;
}

/**
 * @param {MutantTree} tree
 * @param {Mutant} mutant
 */
async function isNoticed(tree, mutant) {
  const start = performance.now();
  try {
    await tree.apply(mutant);
    await tree.compile();
    const verdict = (await tree.test([mutant])).get(mutant);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    if (verdict === "failed") say("noticed", mutant, `${seconds} s`);
    else say("MISSED", mutant, `${mutant.breaks}; still green: ${mutant.file}: ${mutant.test}`);
    return verdict === "failed";
  } catch (error) {
    say("WRONG", mutant, error instanceof Error ? error.message : String(error));
    return false;
  } finally {
    tree.restore(mutant);
  }
}

/**
 * @param {string} word
 * @param {Mutant} mutant
 * @param {string} rest
 */
function say(word, { name }, rest) {
  console.log(`${word.padEnd(8)} ${name.replace(/\.patch$/, "").padEnd(36)} ${rest}`);
}
