import "./kit/dialogs.css";
import "./kit/preview.css";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { PdfPreview } from "@countersign/ui/PdfPreview";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useFocusBack } from "@countersign/ui/use-focus-back";
import { useWords } from "@countersign/ui/UiProvider";
import { Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useEffect, useState } from "react";
import classes from "./AttachmentFile.module.css";

type Attachment = components["schemas"]["CertificateAttachment"];

export interface AttachmentFileProps {
  readonly file: Attachment;
  readonly load: (file: Attachment) => Promise<Blob>;
  readonly onClose: () => void;
}

/** One endorsement to be looked at, over the certificate that it goes with. */
export function AttachmentFile({ file, load, onClose }: AttachmentFileProps) {
  const words = useWords();
  const phone = useMediaQuery("(max-width: 640px)", false, { getInitialValueInEffect: false });
  const [bytes, setBytes] = useState<Uint8Array<ArrayBuffer> | null>(null);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  useFocusBack(true);

  useEffect(() => {
    let current = true;
    load(file)
      .then((blob) => blob.arrayBuffer())
      .then((buffer) => {
        if (current) setBytes(new Uint8Array(buffer));
      })
      .catch((thrown: unknown) => {
        if (current) setProblem(problemOf(thrown));
      });
    return () => {
      current = false;
    };
  }, [load, file]);

  return (
    <Modal
      opened
      onClose={onClose}
      returnFocus={false}
      title={`${file.form_number} ${file.edition}`}
      size={860}
      fullScreen={phone}
      closeButtonProps={{ "aria-label": words.close }}
    >
      {problem === null ? (
        <div className={classes.page}>
          <PdfPreview bytes={bytes} label={file.file_name} />
        </div>
      ) : (
        <ProblemAlert problem={problem} />
      )}
    </Modal>
  );
}
