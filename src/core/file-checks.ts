import { type Check, factsOf } from "./examination.ts";
import { type Finding, finding } from "./finding.ts";
import { megabytes } from "./phrases.ts";

export const checkFile: Check = ({ health }, { walBytes: most }) => {
  const file = factsOf(health)?.file;
  if (file === undefined || file === null) return undefined;
  const { path, network, replaced, walBytes } = file;
  const found: Finding[] = [];
  if (replaced) {
    found.push(
      finding(
        "file-replaced",
        `${path} was removed, moved or replaced while this process has it open: what is written now goes to a file nobody will open again.`,
        "Stop every process that uses the file, put the right one in its place, and start them again.",
      ),
    );
  }
  if (network !== null) {
    found.push(
      finding(
        "network-file-system",
        `${path} is on ${network}. File locks there are not reliable enough for SQLite, and several processes can damage the file.`,
        "Move the file to a local disk, or use PostgreSQL for jobs shared by several machines.",
      ),
    );
  }
  if (walBytes >= most) {
    found.push(
      finding(
        "wal-large",
        `${path}-wal has ${megabytes(walBytes)}. It shrinks only when nobody reads an older state of the file.`,
        "Find the connection that keeps a read transaction open, often a forgotten cursor or a backup tool, and end it. Closing the last connection empties the log too.",
      ),
    );
  }
  return found;
};
