import { NativeSelect } from "@mantine/core";
import classes from "./PhoneSort.module.css";
import { useWords } from "./UiProvider";

interface Sort {
  readonly id: string;
  readonly desc: boolean;
}

export interface PhoneSortProps {
  readonly columns: readonly {
    readonly id: string;
    readonly header: string;
    readonly sortable?: boolean;
  }[];
  readonly sort: Sort | null;
  readonly onSort: (sort: Sort) => void;
}

/** The order of a table that is drawn as cards and has no head to press. */
export function PhoneSort({ columns, sort, onSort }: PhoneSortProps) {
  const words = useWords();
  const sorts = columns
    .filter((column) => column.sortable)
    .flatMap(({ id, header }) => [
      { value: id, label: words.sortUp(header), sort: { id, desc: false } },
      { value: `-${id}`, label: words.sortDown(header), sort: { id, desc: true } },
    ]);
  if (sorts.length === 0) return null;
  const current = sort === null ? "" : sort.desc ? `-${sort.id}` : sort.id;
  return (
    <NativeSelect
      className={classes.sort}
      label={words.sort}
      value={current}
      data={[...(current === "" ? [{ value: "", label: words.unsorted }] : []), ...sorts].map(
        ({ value, label }) => ({ value, label }),
      )}
      onChange={(event) => {
        const chosen = sorts.find(({ value }) => value === event.currentTarget.value);
        if (chosen !== undefined) onSort(chosen.sort);
      }}
    />
  );
}
