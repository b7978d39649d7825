import type { ReactNode } from "react";
import type { Selection } from "./selection.ts";

/** A column of a table. */
export interface Column<Row> {
  /** `actions` for buttons: on a phone they stand in the corner of the row. */
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** `end` for numbers. */
  readonly align?: "start" | "end";
  /** Utility classes for the column's cells, such as `w-24` or `max-md:hidden`. */
  readonly className?: string;
}

/** What a table shows, and how. */
export interface DataTableProps<Row> {
  /** What the table lists, for screen readers. */
  readonly caption: string;
  /** The first column names the row: on a phone it leads. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  /** Where a row leads: by click, and by Enter on the row chosen with j and k. Its first cell should hold a link as well. */
  readonly rowLink?: (row: Row) => string;
  readonly selection?: Selection;
  /** True while newer rows are being read. */
  readonly stale?: boolean;
  /** Stands in place of the rows when there are none. */
  readonly empty: ReactNode;
}
