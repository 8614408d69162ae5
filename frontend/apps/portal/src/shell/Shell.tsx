import { client, whenSignedOut } from "@countersign/api/client";
import { invalidate } from "@countersign/api/query";
import { useSessionEnd } from "@countersign/api/session";
import { TimeZone, useWords } from "@countersign/ui/UiProvider";
import { useQueryClient } from "@tanstack/react-query";
import { Link, type NavigateOptions, useRouter } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useRef } from "react";
import { useAccent } from "../accent";
import { AgencyMark } from "../AgencyMark";
import { forgetDrafts } from "../drafts";
import { useMessages } from "../messages/MessagesProvider";
import { paths } from "../paths";
import { Reach } from "../Reach";
import { forgetSession, useSession } from "../session";
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
  const router = useRouter();
  const { left } = useSessionEnd(session);
  const { agency } = session;
  useAccent(agency.accent_color);

  const { slug } = agency;
  const ended = left === 0;
  const leaving = useRef(false);
  const leave = useCallback(
    (to: NavigateOptions) => {
      if (leaving.current) return;
      leaving.current = true;
      // Only when this frame is gone: what it shows must not be asked for again.
      const stop = router.subscribe("onRendered", () => {
        stop();
        forgetSession(cache);
      });
      void router.navigate(to);
    },
    [cache, router],
  );

  useEffect(() => {
    function end(suspended: boolean) {
      const next = window.location.pathname + window.location.search;
      leave(
        suspended
          ? { ...paths.suspended(slug), replace: true }
          : { ...paths.signIn(slug), search: { ended: "idle", next }, replace: true },
      );
    }
    if (ended) end(false);
    return whenSignedOut((problem) => end(problem.slug === "account_suspended"));
  }, [ended, leave, slug]);

  async function leaveNow() {
    forgetDrafts();
    // Signing out must work when the server already forgot the session.
    await client.DELETE("/v1/session").catch(() => undefined);
    leave(paths.signIn(slug));
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
