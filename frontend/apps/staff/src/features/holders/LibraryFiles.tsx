import { client } from "@countersign/api/client";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { Button } from "@mantine/core";
import { IconDownload, IconUpload } from "@tabler/icons-react";
import { LinkButton } from "../../LinkButton";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { useMay } from "../../session";
import { useExport } from "../../use-export";
import type { HoldersFilter } from "./HoldersTable";
import classes from "./HoldersTable.module.css";

export interface LibraryFilesProps {
  readonly filter: HoldersFilter;
}

/** Takes the library out as a file, as far as it is filtered, and brings an edited one back. */
export function LibraryFiles({ filter }: LibraryFilesProps) {
  const t = useMessages();
  const may = useMay();
  const exporting = useExport("holders.csv", async () => {
    const query = { ...filter };
    const { data } = await client.GET("/v1/holders/export", { params: { query }, parseAs: "blob" });
    return data;
  });
  return (
    <span className={classes.files}>
      <Button
        variant="default"
        leftSection={<IconDownload size={15} aria-hidden />}
        loading={exporting.busy}
        onClick={exporting.start}
      >
        {t.exportCsv}
      </Button>
      {may("run_imports") ? (
        <LinkButton
          {...paths.newImport()}
          variant="default"
          leftSection={<IconUpload size={15} aria-hidden />}
        >
          {t.holders.importCsv}
        </LinkButton>
      ) : (
        <GuardedButton
          variant="default"
          leftSection={<IconUpload size={15} aria-hidden />}
          reason={t.holders.mayNotImport}
        >
          {t.holders.importCsv}
        </GuardedButton>
      )}
    </span>
  );
}
