import { useText } from "../text/text-context.tsx";
import type { Column, DataTableProps } from "./data-columns.ts";
import { DataRow } from "./data-row.tsx";
import type { Selection } from "./selection.ts";
import { SelectAll } from "./select-box.tsx";
import { useRowKeys } from "./use-row-keys.ts";

/** Rows of data: a real table, walked with j, k, x and Enter, and stacked on a phone. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { caption, columns, rows, rowId, selection, stale = false, empty } = props;
  const body = useRowKeys(props);
  if (rows.length === 0) return empty;
  return (
    <div className="relative overflow-x-auto">
      <table className={`data-table ${stale ? "opacity-60 transition-opacity delay-200" : ""}`}>
        <caption className="sr-only">{caption}</caption>
        <TableHead columns={columns} ids={rows.map(rowId)} selection={selection} />
        <tbody ref={body}>
          {rows.map((row) => (
            <DataRow key={rowId(row)} row={row} table={props} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface TableHeadProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly ids: readonly string[];
  readonly selection: Selection | undefined;
}

function TableHead<Row>({ columns, ids, selection }: TableHeadProps<Row>) {
  const { words } = useText();
  return (
    <thead>
      <tr>
        {selection !== undefined && (
          <th data-select="" className="w-8">
            <SelectAll ids={ids} selection={selection} label={words.selectAll} />
          </th>
        )}
        {columns.map(({ id, header, align, className = "" }) => (
          <th key={id} scope="col" className={`${className} ${align === "end" ? "at-end" : ""}`}>
            {header}
          </th>
        ))}
      </tr>
    </thead>
  );
}
