import { DateRangeField } from "@countersign/ui/DateRangeField";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button, Select } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { type ActKind, type ActivityFilter, isFiltered } from "../../activity-filter";
import { useMessages } from "../../messages/MessagesProvider";
import { useExport } from "../../use-export";
import classes from "./ActivityTools.module.css";

export interface ActivityToolsProps {
  /** Kinds of acts that the history may hold. */
  readonly kinds: readonly ActKind[];
  readonly filter: ActivityFilter;
  /** What was chosen; an empty text is no filter. */
  readonly onFilter: (filter: Partial<Record<keyof ActivityFilter, string>>) => void;
  /** What the file is called, before its day. */
  readonly fileName: string;
  /** Fetches the history as a file, as the filter leaves it. */
  readonly fetchFile: () => Promise<Blob | undefined>;
  /** Beside the page that it tells of there is no room for one line. */
  readonly narrow?: boolean;
}

/** Narrows a history by kind and dates, and takes it out as a file. */
export function ActivityTools({
  kinds,
  filter,
  onFilter,
  fileName,
  fetchFile,
  narrow,
}: ActivityToolsProps) {
  const t = useMessages();
  const today = useFormat().today();
  const exporting = useExport(`${fileName}-${today}.csv`, fetchFile);
  return (
    <div className={classes.tools} role="search" data-narrow={narrow || undefined}>
      <Select
        className={classes.kind ?? ""}
        aria-label={t.activity.anyKind}
        placeholder={t.activity.anyKind}
        data={kinds.map((value) => ({ value, label: t.activity.kinds[value] }))}
        value={filter.kind ?? null}
        onChange={(kind) => onFilter({ ...filter, kind: kind ?? "" })}
        clearable
        w={narrow ? "auto" : 220}
      />
      <DateRangeField
        label={t.activity.doneBetween}
        value={{ from: filter.from ?? null, to: filter.to ?? null }}
        onChange={({ from, to }) => onFilter({ ...filter, from: from ?? "", to: to ?? "" })}
        presets={[{ label: t.certificates.today, range: { from: today, to: today } }]}
        width={narrow ? "auto" : 240}
      />
      {isFiltered(filter) ? (
        <Button
          variant="subtle"
          color="gray"
          size={narrow ? "xs" : "sm"}
          onClick={() => onFilter({})}
        >
          {t.clearFilters}
        </Button>
      ) : null}
      <Button
        className={classes.export ?? ""}
        variant="default"
        size={narrow ? "xs" : "sm"}
        leftSection={<IconDownload size={15} />}
        loading={exporting.busy}
        onClick={exporting.start}
      >
        {t.exportCsv}
      </Button>
    </div>
  );
}
