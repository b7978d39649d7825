/** What the library tells a programmer to do, and what does the same on the command line. */
const sameThing: readonly (readonly [inCode: RegExp, asCommand: string])[] = [
  [/, or pass migrate: true/g, ""],
  [/, or let createClient do it with migrate: true/g, ""],
  [/, or leave out create: false to have it made/g, "; npx holdfast migrate makes it"],
  [/client\.(jobs|queues|schedules|workers|limits|operations)\.list\(\)/g, "holdfast $1 list"],
  [/client\.schedules\.apply/g, "holdfast schedules apply"],
  [/client\.operations\.(start|get)\b/g, "holdfast operations list"],
];

/** A message of the library for somebody who types commands. */
export function inCommands(message: string): string {
  return sameThing.reduce((text, [inCode, asCommand]) => text.replace(inCode, asCommand), message);
}
