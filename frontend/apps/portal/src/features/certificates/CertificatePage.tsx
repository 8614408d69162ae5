import "../../kit/preview.css";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { PdfPreview } from "@countersign/ui/PdfPreview";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import { download, lookAt } from "../../certificate-page";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./CertificatePage.module.css";

export interface CertificatePageProps {
  readonly certificate: { readonly id: string; readonly number: string };
}

/** The page as it was issued. Loaded when it is looked at, never in advance: each look is noted. */
export function CertificatePage({ certificate }: CertificatePageProps) {
  const t = useMessages();
  const [bytes, setBytes] = useState<Uint8Array<ArrayBuffer> | null>(null);
  const [problem, setProblem] = useState<ProblemError | null>(null);

  const load = useCallback(() => {
    let current = true;
    lookAt(certificate.id)
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

  if (problem !== null) {
    return (
      <ProblemAlert
        problem={problem}
        onRetry={() => {
          setProblem(null);
          load();
        }}
      />
    );
  }
  return (
    <div className={classes.page}>
      <PdfPreview bytes={bytes} label={t.certificates.named(certificate.number)}>
        <Button
          variant="default"
          size="sm"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => {
            download(certificate).catch((thrown: unknown) => setProblem(problemOf(thrown)));
          }}
        >
          {t.certificates.download}
        </Button>
      </PdfPreview>
    </div>
  );
}
