import type { components } from "@countersign/api/schema";
import { useFormat } from "@countersign/ui/UiProvider";
import { Button } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { policiesQuery } from "../../insured";
import { useMessages } from "../../messages/MessagesProvider";
import { EndorsementFile } from "../../EndorsementFile";
import classes from "./Attachments.module.css";
import { fileBehind } from "./file-behind";

export interface GoingFilesProps {
  readonly insured: string;
  readonly endorsements: readonly components["schemas"]["EndorsementBehind"][];
}

/** The endorsements that would go with a certificate that is not issued yet, each to be looked at on its policy. */
export function GoingFiles({ insured, endorsements }: GoingFilesProps) {
  const t = useMessages();
  const format = useFormat();
  const policies = useQuery(policiesQuery(insured)).data?.data ?? [];
  const [open, setOpen] = useState<ReturnType<typeof fileBehind>>(null);
  return (
    <>
      <ul className={classes.list}>
        {endorsements.map((each) => {
          const file = fileBehind(each, policies);
          return (
            <li key={`${each.policy_number} ${each.form}`} className={classes.row}>
              <span className={classes.what}>
                <span className={classes.form}>{each.form}</span>
                <span>{each.title}</span>
                <span className={classes.soft}>
                  {each.size_bytes == null ? t.attachments.noFile : format.bytes(each.size_bytes)}
                </span>
              </span>
              {file === null ? null : (
                <Button
                  variant="default"
                  size="compact-sm"
                  leftSection={<IconEye size={14} aria-hidden />}
                  aria-label={t.attachments.viewFile(each.form)}
                  onClick={() => setOpen(file)}
                >
                  {t.attachments.viewShort}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {open === null ? null : <EndorsementFile {...open} onClose={() => setOpen(null)} />}
    </>
  );
}
