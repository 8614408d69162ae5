import { Skeleton } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
import classes from "./Page.module.css";

export interface PageProps {
  readonly title: string;
  /** What stands in the browser's title bar after the page's own title. */
  readonly product: string;
  /** Where this page hangs: links, outermost first. */
  readonly trail?: ReactNode;
  /** One quiet line of facts under the title. */
  readonly facts?: ReactNode;
  readonly actions?: ReactNode;
  readonly tabs?: ReactNode;
  /** How wide the content may grow: text and forms narrow, tables full. */
  readonly width?: "form" | "full";
  readonly loading?: boolean;
  readonly children?: ReactNode;
}

let opened = false;

/**
 * The frame of every page: trail, title, facts, actions, tabs, content. The title takes the focus
 * when a page arrives, unless something on the page has it.
 */
export function Page({
  title,
  product,
  trail,
  facts,
  actions,
  tabs,
  width = "full",
  loading = false,
  children,
}: PageProps) {
  useEffect(() => {
    document.title = `${title} – ${product}`;
  }, [title, product]);
  const page = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (loading) return;
    // The first page of a visit leaves the focus at the top of the document, as browsers do.
    const arrived = opened;
    opened = true;
    const now = document.activeElement;
    if (!arrived || page.current?.contains(now) || now?.closest('[role="dialog"]')) return;
    heading.current?.focus({ preventScroll: true });
  }, [title, loading]);
  return (
    <div
      ref={page}
      className={classes.page}
      data-width={width}
      data-tabs={tabs !== undefined || undefined}
    >
      <header className={classes.head}>
        {trail === undefined ? null : <div className={classes.trail}>{trail}</div>}
        <div className={classes.line}>
          <h1 ref={heading} tabIndex={-1} className={classes.title}>
            {loading ? <Skeleton height={22} width={260} component="span" /> : title}
          </h1>
          {actions === undefined ? null : <div className={classes.actions}>{actions}</div>}
        </div>
        {facts === undefined ? null : <div className={classes.facts}>{facts}</div>}
        {tabs === undefined ? null : <div className={classes.tabs}>{tabs}</div>}
      </header>
      <div className={classes.body}>{children}</div>
    </div>
  );
}
