import { type Check, factsOf } from "./examination.ts";
import { type Finding, finding } from "./finding.ts";

export const checkFile: Check = ({ health }, { walBytes: most }) => {
  const file = factsOf(health)?.file;
  if (file === undefined || file === null) return undefined;
  const { path, network, replaced, walBytes } = file;
  const found: Finding[] = [];
  if (replaced) found.push(finding("file-replaced", { path }));
  if (network !== null) found.push(finding("network-file-system", { path, network }));
  if (walBytes >= most) found.push(finding("wal-large", { path, walBytes }));
  return found;
};
