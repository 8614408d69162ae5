import { IconChevronLeft } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useMessages } from "./messages/MessagesProvider";
import classes from "./Screen.module.css";

export interface ScreenProps {
  readonly title: string;
  /** A quiet line above the title: a step, a kind. */
  readonly over?: ReactNode;
  /** A link to where this page hangs. */
  readonly back?: ReactNode;
  readonly intro?: ReactNode;
  /** A page of paper needs more room than text. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

let opened = false;

/** The frame of every page: one column, one title, which takes the focus when one arrives. */
export function Screen({ title, over, back, intro, wide = false, children }: ScreenProps) {
  const t = useMessages();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – ${t.product}`;
  }, [title, t.product]);
  useEffect(() => {
    // The first page of a visit leaves the focus at the top of the document, as browsers do.
    if (opened) heading.current?.focus({ preventScroll: true });
    opened = true;
  }, []);
  return (
    <div className={classes.screen} data-wide={wide || undefined}>
      {back === undefined ? null : (
        <p className={classes.back}>
          <IconChevronLeft size={18} aria-hidden />
          {back}
        </p>
      )}
      <header className={classes.head}>
        {over === undefined ? null : <p className={classes.over}>{over}</p>}
        <h1 ref={heading} tabIndex={-1} className={classes.title}>
          {title}
        </h1>
        {intro === undefined ? null : <div className={classes.intro}>{intro}</div>}
      </header>
      {children}
    </div>
  );
}
