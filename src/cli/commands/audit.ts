import type { Command } from "commander";
import type { AuditEntry, AuditFilter } from "../../core/audit-client.ts";
import { withClient } from "../command-context.ts";
import { addPage, type PageOptions, readPage, sayMore } from "../page-options.ts";
import type { Column } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { formatInstant } from "../time-text.ts";

const columns: readonly Column<AuditEntry>[] = [
  { title: "AT", cell: ({ at }) => formatInstant(at) },
  { title: "BY", cell: ({ by }) => by },
  { title: "ACTION", cell: ({ action }) => action },
  { title: "TARGET", cell: ({ target }) => target },
  { title: "DETAILS", cell: ({ details }) => JSON.stringify(details) },
];

/** `holdfast audit`: who did what. */
export function addAudit(program: Command, terminal: Terminal): void {
  addPage(program.command("audit"))
    .description("list who did what, newest first")
    .option("--by <who>", "done by them")
    .option("--action <action>", "such as jobs.cancel or operation.started")
    .option("--target <target>", "such as job:12, queue:emails or operation:3")
    .action((options: AuditFilter & PageOptions, command: Command) =>
      withClient(command, terminal, async ({ client, print }) => {
        const { by, action, target } = options;
        const page = await client.audit.list({
          ...readPage(options),
          ...(by === undefined ? {} : { by }),
          ...(action === undefined ? {} : { action }),
          ...(target === undefined ? {} : { target }),
        });
        print.result(page, () =>
          page.entries.length === 0 ? "No entries." : print.table(columns, page.entries),
        );
        sayMore(print, page.next);
      }),
    );
}
