/** What only a shell understands: quotes, operators, expansions, patterns. */
const shellOnly = /["'`&|;$<>()*?[\]\\~#\n]/;
const assignment = /^[A-Za-z_]\w*=/;

/** The command of a container that runs a script of `package.json`: its words, or a shell where it takes one. */
export function commandOfScript(script: string): readonly string[] {
  const text = script.trim();
  const isPlain = !shellOnly.test(text) && !assignment.test(text);
  return isPlain ? text.split(/\s+/) : ["sh", "-c", text];
}

/** True when a script runs its program with tsx. */
export function usesTsx(script: string): boolean {
  return /(^|[\s=/])tsx(\s|\/|$)/.test(script);
}
