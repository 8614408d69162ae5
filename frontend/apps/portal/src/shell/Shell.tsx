import { whenSignedOut } from "@countersign/api/client";
import { invalidate } from "@countersign/api/query";
import { signOut, useSessionEnd } from "@countersign/api/session";
import { TimeZone, useWords } from "@countersign/ui/UiProvider";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect } from "react";
import { useAccent } from "../accent";
import { AgencyMark } from "../AgencyMark";
import { forgetDrafts } from "../drafts";
import { useMessages } from "../messages/MessagesProvider";
import { paths } from "../paths";
import { Reach } from "../Reach";
import { useSession } from "../session";
import { AccountMenu } from "./AccountMenu";
import { PlaceLinks } from "./PlaceLinks";
import classes from "./Shell.module.css";

// Loaded when it is needed, which on most visits is never.
const SessionEnding = lazy(() =>
  import("./SessionEnding").then((module) => ({ default: module.SessionEnding })),
);

export interface ShellProps {
  readonly children: ReactNode;
}

/** The frame around every page of a signed-in person. */
export function Shell({ children }: ShellProps) {
  const t = useMessages();
  const words = useWords();
  const session = useSession();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const { left } = useSessionEnd(session);
  const { agency } = session;
  useAccent(agency.accent_color);

  const { slug } = agency;
  const ended = left === 0;
  useEffect(() => {
    function leave(suspended: boolean) {
      const next = window.location.pathname + window.location.search;
      void navigate(
        suspended
          ? { ...paths.suspended(slug), replace: true }
          : { ...paths.signIn(slug), search: { ended: "idle", next }, replace: true },
      ).then(() => cache.clear());
    }
    if (ended) leave(false);
    return whenSignedOut((problem) => leave(problem.slug === "account_suspended"));
  }, [cache, ended, navigate, slug]);

  async function leaveNow() {
    forgetDrafts();
    // Signing out must work when the server already forgot the session.
    await signOut(cache).catch(() => undefined);
    await navigate(paths.signIn(slug));
    cache.clear();
  }

  return (
    <TimeZone timeZone={agency.time_zone}>
      <div className={classes.shell}>
        <a href="#content" className={classes.skip} data-chrome>
          {words.skipToContent}
        </a>
        <header className={classes.top} data-chrome>
          <div className={classes.row}>
            <Link
              {...paths.home()}
              className={classes.home}
              aria-label={t.shell.homeOf(agency.name)}
            >
              <AgencyMark name={agency.name} />
            </Link>
            <PlaceLinks />
            <AccountMenu onSignOut={() => void leaveNow()} />
          </div>
        </header>
        <main id="content" tabIndex={-1} className={classes.content}>
          {children}
        </main>
        <footer className={classes.foot} data-chrome>
          <Reach agency={agency} />
          <p className={classes.made}>{t.madeWith}</p>
        </footer>
        {left === null ? null : (
          <Suspense fallback={null}>
            <SessionEnding
              left={left}
              onStay={() => void invalidate(cache, "/v1/session")}
              onLeave={() => void leaveNow()}
            />
          </Suspense>
        )}
      </div>
    </TimeZone>
  );
}
