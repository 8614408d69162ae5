import { problemOf, type ProblemError } from "@countersign/api/problem";
import { PdfPreview } from "@countersign/ui/PdfPreview";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useFocusBack } from "@countersign/ui/use-focus-back";
import { useWords } from "@countersign/ui/UiProvider";
import { Button, Drawer } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useMessages } from "./messages/MessagesProvider";
import classes from "./PdfDrawer.module.css";

export interface PdfDrawerProps {
  readonly title: string;
  /** Reads the document; the same function for as long as it is the same document. */
  readonly load: () => Promise<Uint8Array<ArrayBuffer>>;
  readonly onSave: (bytes: Uint8Array<ArrayBuffer>) => Promise<void> | void;
  readonly onClose: () => void;
}

/** A PDF at the right of what it belongs to, to look at and to save. */
export function PdfDrawer({ title, load, onSave, onClose }: PdfDrawerProps) {
  const t = useMessages();
  const words = useWords();
  const [bytes, setBytes] = useState<Uint8Array<ArrayBuffer> | null>(null);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [attempt, setAttempt] = useState(0);
  useFocusBack(true);

  useEffect(() => {
    let current = true;
    load()
      .then((document) => {
        if (current) setBytes(document);
      })
      .catch((thrown: unknown) => {
        if (current) setProblem(problemOf(thrown));
      });
    return () => {
      current = false;
    };
  }, [load, attempt]);

  return (
    <Drawer
      opened
      onClose={onClose}
      returnFocus={false}
      position="right"
      size={920}
      title={title}
      closeButtonProps={{ "aria-label": words.close }}
      classNames={{
        content: classes.content ?? "",
        body: classes.body ?? "",
        title: classes.title ?? "",
      }}
    >
      {problem === null ? (
        <PdfPreview bytes={bytes} label={title}>
          <Button
            variant="default"
            size="xs"
            disabled={bytes === null}
            leftSection={<IconDownload size={15} />}
            onClick={() => {
              if (bytes === null) return;
              Promise.resolve(onSave(bytes)).catch((thrown: unknown) =>
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
              setAttempt((last) => last + 1);
            }}
          />
        </div>
      )}
    </Drawer>
  );
}
