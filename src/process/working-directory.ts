import { realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { HoldfastError } from "../core/errors.ts";

/**
 * The directory `cwd` leads to from `root`, symbolic links resolved; it is the root or below it.
 *
 * @throws {HoldfastError} `CWD_OUTSIDE_ROOT`; `COMMAND_FAILED` when one of the two does not exist.
 */
export async function directoryInside(root: string, cwd = "."): Promise<string> {
  const top = await resolved(root);
  const wanted = await resolved(resolve(top, cwd));
  const way = relative(top, wanted);
  if (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return wanted;
  throw new HoldfastError(
    "CWD_OUTSIDE_ROOT",
    `The working directory ${JSON.stringify(cwd)} leads out of ${top}; give one below it, or another root.`,
    { details: { cwd, root: top } },
  );
}

async function resolved(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    throw new HoldfastError(
      "COMMAND_FAILED",
      `The directory ${JSON.stringify(path)} cannot be used; create it first.`,
      { cause },
    );
  }
}
