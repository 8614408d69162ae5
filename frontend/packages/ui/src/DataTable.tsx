import { Button, Skeleton, VisuallyHidden } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import {
  type ColumnDef,
  type RowData,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { type KeyboardEvent, type MouseEvent, type ReactNode, useMemo } from "react";
import { PhoneSort } from "./PhoneSort";
import { ProblemAlert, type Trouble } from "./ProblemAlert";
import { useWords } from "./UiProvider";
import classes from "./DataTable.module.css";

const features = tableFeatures({ rowSortingFeature });

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  readonly sortable?: boolean;
  readonly align?: "left" | "right";
  /** Figures that are compared from row to row: money, counts, dates. What stands at the right always is. */
  readonly figures?: boolean;
  /** CSS width; a column without one shares what is left. */
  readonly width?: string;
  /** What is too long for the column goes on in the next line; without it, it is cut. */
  readonly wraps?: boolean;
  /** How it shows on a phone: the row's title, a labelled line, its actions, or not at all. */
  readonly phone?: "title" | "line" | "bare" | "actions" | "hidden";
  /** The header is for readers of the screen only (a column of menus). */
  readonly quietHeader?: boolean;
}

export interface Sort {
  readonly id: string;
  readonly desc: boolean;
}

export interface Paging {
  readonly hasMore: boolean;
  readonly loading: boolean;
  readonly onMore: () => void;
}

export interface DataTableProps<Row> {
  /** What the table lists; its name for assistive technology. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  /** Undefined while the first page is on its way. */
  readonly rows: readonly Row[] | undefined;
  readonly rowId: (row: Row) => string;
  readonly sort?: Sort | null;
  readonly onSort?: (sort: Sort) => void;
  readonly onOpen?: (row: Row) => void;
  readonly paging?: Paging;
  /** Shown in place of the rows when there is none. */
  readonly empty: ReactNode;
  readonly problem?: Trouble | null;
  readonly onRetry?: () => void;
  readonly dense?: boolean;
  /** Rows shown are of the last question while the answer to the new one is on its way. */
  readonly stale?: boolean;
}

function fromControl(event: MouseEvent | KeyboardEvent): boolean {
  return (
    event.target instanceof Element &&
    event.target.closest("a, button, input, [role='menuitem']") !== null
  );
}

/**
 * A list from the server: the server sorts, filters and pages by key, the table draws. On a phone
 * each row becomes a card with a title; the roles keep it a table for assistive technology.
 */
export function DataTable<Row extends RowData>({
  label,
  columns,
  rows,
  rowId,
  sort = null,
  onSort,
  onOpen,
  paging,
  empty,
  problem = null,
  onRetry,
  dense = false,
  stale = false,
}: DataTableProps<Row>) {
  const words = useWords();
  const definitions = useMemo(
    () =>
      columns.map((column): ColumnDef<typeof features, Row> => ({
        id: column.id,
        header: column.header,
        enableSorting: column.sortable ?? false,
        accessorFn: () => null,
      })),
    [columns],
  );
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const data = useMemo(() => rows?.slice() ?? [], [rows]);
  const sorting = useMemo<SortingState>(() => (sort === null ? [] : [{ ...sort }]), [sort]);
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowId,
    manualSorting: true,
    enableMultiSort: false,
    state: { sorting },
  });

  if (problem !== null && rows === undefined) {
    return <ProblemAlert problem={problem} {...(onRetry === undefined ? {} : { onRetry })} />;
  }
  if (rows?.length === 0) return <>{empty}</>;

  return (
    <div className={classes.frame} data-stale={stale || undefined}>
      {onSort === undefined ? null : <PhoneSort columns={columns} sort={sort} onSort={onSort} />}
      <table
        role="table"
        aria-label={label}
        aria-busy={rows === undefined || stale}
        className={classes.table}
        data-dense={dense || undefined}
      >
        <colgroup>
          {columns.map((column) => (
            <col
              key={column.id}
              style={column.width === undefined ? {} : { width: column.width }}
            />
          ))}
        </colgroup>
        <thead role="rowgroup" className={classes.head}>
          {table.getHeaderGroups().map((group) => (
            <tr role="row" key={group.id}>
              {group.headers.map((header) => {
                const column = byId.get(header.column.id);
                if (column === undefined) return null;
                const active = sort?.id === column.id ? sort : null;
                return (
                  <th
                    role="columnheader"
                    key={header.id}
                    scope="col"
                    className={classes.header}
                    data-align={column.align}
                    {...(active === null
                      ? {}
                      : { "aria-sort": active.desc ? "descending" : "ascending" })}
                  >
                    {column.quietHeader ? (
                      <VisuallyHidden>{column.header}</VisuallyHidden>
                    ) : column.sortable && onSort !== undefined ? (
                      <>
                        {/* A phone sorts above the cards; the head only names its columns there. */}
                        <span className={classes.plain}>{column.header}</span>
                        <button
                          type="button"
                          className={classes.sort}
                          data-active={active !== null || undefined}
                          onClick={() =>
                            onSort({
                              id: column.id,
                              desc: active !== null && !active.desc,
                            })
                          }
                        >
                          {column.header}
                          <VisuallyHidden>
                            {active === null
                              ? ""
                              : `, ${active.desc ? words.sortedDescending : words.sortedAscending}`}
                          </VisuallyHidden>
                          {active?.desc ? <IconArrowDown size={13} /> : <IconArrowUp size={13} />}
                        </button>
                      </>
                    ) : (
                      column.header
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody role="rowgroup">
          {rows === undefined
            ? Array.from({ length: 8 }, (_, index) => (
                <tr role="row" key={index} className={classes.row}>
                  {columns.map((column) => (
                    <td
                      role="cell"
                      key={column.id}
                      className={classes.cell}
                      data-phone={column.phone ?? "line"}
                    >
                      <Skeleton height={11} width={column.phone === "actions" ? 18 : "72%"} />
                    </td>
                  ))}
                </tr>
              ))
            : table.getRowModel().rows.map((row) => (
                <tr
                  role="row"
                  key={row.id}
                  className={classes.row}
                  data-opens={onOpen !== undefined || undefined}
                  {...(onOpen === undefined
                    ? {}
                    : {
                        onClick: (event: MouseEvent) => {
                          if (!fromControl(event)) onOpen(row.original);
                        },
                      })}
                >
                  {row.getAllCells().map((cell) => {
                    const column = byId.get(cell.column.id);
                    if (column === undefined) return null;
                    const phone = column.phone ?? "line";
                    return (
                      <td
                        role="cell"
                        key={cell.id}
                        className={classes.cell}
                        data-align={column.align}
                        data-figures={
                          column.figures === true || column.align === "right" || undefined
                        }
                        data-wraps={column.wraps || undefined}
                        data-phone={phone}
                        {...(phone === "line" ? { "data-label": column.header } : {})}
                      >
                        {column.cell(row.original)}
                      </td>
                    );
                  })}
                </tr>
              ))}
        </tbody>
      </table>
      {rows === undefined || paging === undefined ? null : (
        <div className={classes.foot}>
          <span aria-live="polite">{words.shownRows(rows.length, paging.hasMore)}</span>
          {paging.hasMore ? (
            <Button variant="default" size="xs" loading={paging.loading} onClick={paging.onMore}>
              {words.showMore}
            </Button>
          ) : null}
        </div>
      )}
      {problem !== null && rows !== undefined ? (
        <ProblemAlert problem={problem} {...(onRetry === undefined ? {} : { onRetry })} />
      ) : null}
    </div>
  );
}
