import { Skeleton } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
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

/** The frame of every page: trail, title, facts, actions, tabs, content. */
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
  return (
    <div className={classes.page} data-width={width} data-tabs={tabs !== undefined || undefined}>
      <header className={classes.head}>
        {trail === undefined ? null : <div className={classes.trail}>{trail}</div>}
        <div className={classes.line}>
          <h1 className={classes.title}>
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
