import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { PdfPreview } from "@countersign/ui/PdfPreview";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useFocusBack } from "@countersign/ui/use-focus-back";
import { useWords } from "@countersign/ui/UiProvider";
import { Button, Drawer } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { downloadCertificate, viewCertificate } from "./download-certificate";
import classes from "./PreviewDialog.module.css";

export interface PreviewDialogProps {
  readonly certificate: components["schemas"]["CertificateRow"];
  readonly onClose: () => void;
}

/** The certificate as it was issued, in the page. */
export function PreviewDialog({ certificate, onClose }: PreviewDialogProps) {
  const t = useMessages();
  const words = useWords();
  const [bytes, setBytes] = useState<Uint8Array<ArrayBuffer> | null>(null);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  useFocusBack(true);

  const load = useCallback(() => {
    let current = true;
    viewCertificate(certificate.id)
      .then((page) => {
        if (current) setBytes(page);
      })
      .catch((thrown: unknown) => {
        if (current) setProblem(problemOf(thrown));
      });
    return () => {
      current = false;
    };
  }, [certificate.id]);
  useEffect(load, [load]);

  return (
    <Drawer
      opened
      onClose={onClose}
      returnFocus={false}
      position="right"
      size={920}
      title={t.certificates.named(certificate.number)}
      closeButtonProps={{ "aria-label": words.close }}
      classNames={{
        content: classes.content ?? "",
        body: classes.body ?? "",
        title: classes.title ?? "",
      }}
    >
      {problem === null ? (
        <PdfPreview bytes={bytes} label={t.certificates.named(certificate.number)}>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconDownload size={15} />}
            onClick={() => {
              downloadCertificate(certificate).catch((thrown: unknown) =>
                setProblem(problemOf(thrown)),
              );
            }}
          >
            {t.certificates.download}
          </Button>
        </PdfPreview>
      ) : (
        <div className={classes.problem}>
          <ProblemAlert
            problem={problem}
            onRetry={() => {
              setProblem(null);
              load();
            }}
          />
        </div>
      )}
    </Drawer>
  );
}
