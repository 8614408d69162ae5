import { ActionIcon, Skeleton } from "@mantine/core";
import { IconArrowsHorizontal, IconMinus, IconPlus } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { PdfView } from "./pdf-view";
import { useWords } from "./UiProvider";
import classes from "./PdfPreview.module.css";

export interface PdfPreviewProps {
  /** The document; null while there is none to draw yet. */
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  /** What the document is, for assistive technology. */
  readonly label: string;
  /** Words that were not on the last document flash once: the preview follows a form. */
  readonly flashChanges?: boolean;
  /** The bytes shown are about to be replaced. */
  readonly stale?: boolean;
  /** Stands at the right of the bar. */
  readonly children?: ReactNode;
}

const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3];

/**
 * Draws a PDF in the page itself, the same on every device, with text that can be selected and read
 * aloud. The drawing code is large and is loaded when the first document is there.
 */
export function PdfPreview({
  bytes,
  label,
  flashChanges = false,
  stale = false,
  children,
}: PdfPreviewProps) {
  const words = useWords();
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<Promise<PdfView> | null>(null);
  const [pages, setPages] = useState(0);
  const [failed, setFailed] = useState(false);
  const [drawn, setDrawn] = useState(false);
  const [zoom, setZoom] = useState(1);

  useEffect(() => {
    const element = holder.current;
    if (element === null || bytes === null) return;
    let current = true;
    view.current ??= import("./pdf-view").then((module) => module.createPdfView(element));
    void view.current
      .then((each) => each.show(bytes, { flashChanges, pageLabel: words.pdfPage }))
      .then((count) => {
        if (!current || count === null) return;
        setPages(count);
        setFailed(false);
        setDrawn(true);
      })
      .catch(() => {
        if (current) setFailed(true);
      });
    return () => {
      current = false;
    };
  }, [bytes, flashChanges, words]);

  useEffect(() => {
    void view.current?.then((each) => each.zoom(zoom)).catch(() => undefined);
  }, [zoom]);

  useEffect(
    () => () => {
      void view.current?.then((each) => each.destroy()).catch(() => undefined);
      view.current = null;
    },
    [],
  );

  const at = ZOOMS.indexOf(zoom);
  return (
    <div className={classes.frame} aria-busy={stale || !drawn}>
      <div className={classes.bar}>
        <ActionIcon
          aria-label={words.zoomOut}
          disabled={at <= 0}
          onClick={() => setZoom(ZOOMS[at - 1] ?? 1)}
        >
          <IconMinus size={16} />
        </ActionIcon>
        <span className={classes.zoom}>{Math.round(zoom * 100)}%</span>
        <ActionIcon
          aria-label={words.zoomIn}
          disabled={at === ZOOMS.length - 1}
          onClick={() => setZoom(ZOOMS[at + 1] ?? 1)}
        >
          <IconPlus size={16} />
        </ActionIcon>
        <ActionIcon aria-label={words.fitWidth} onClick={() => setZoom(1)} disabled={zoom === 1}>
          <IconArrowsHorizontal size={16} />
        </ActionIcon>
        {pages > 1 ? <span className={classes.pages}>{words.pdfPage(1, pages)}</span> : null}
        <span className={classes.rest}>{children}</span>
      </div>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes.desk} tabIndex={0} role="region" aria-label={label}>
        {failed ? <p className={classes.failed}>{words.pdfFailed}</p> : null}
        <div ref={holder} className={classes.sheets} data-stale={stale || undefined} />
        {!drawn && !failed ? (
          <div className={classes.waiting} role="status" aria-label={words.pdfLoading}>
            <Skeleton height="100%" radius={0} />
          </div>
        ) : null}
      </div>
    </div>
  );
}
