import { whenSignedOut } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import { signOut, useLeave, useSessionEnd } from "@countersign/api/session";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { TimeZone, useWords } from "@countersign/ui/UiProvider";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
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
  const router = useRouter();
  const { left } = useSessionEnd(session);
  const { agency } = session;
  useAccent(agency.accent_color);

  const { slug } = agency;
  const ended = left === 0;
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const leave = useLeave(cache, router);

  useEffect(() => {
    function end(suspended: boolean) {
      const next = window.location.pathname + window.location.search;
      leave(() =>
        router.navigate(
          suspended
            ? { ...paths.suspended(slug), replace: true }
            : { ...paths.signIn(slug), search: { ended: true, next }, replace: true },
        ),
      );
    }
    if (ended) end(false);
    return whenSignedOut((problem) => end(problem.slug === "account_suspended"));
  }, [ended, leave, router, slug]);

  async function leaveNow() {
    setProblem(null);
    try {
      await signOut();
    } catch (thrown) {
      // Whoever reads that they signed out must be: the page stays and says that they are not.
      setProblem(problemOf(thrown));
      return;
    }
    forgetDrafts();
    leave(() => router.navigate(paths.signIn(slug)));
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
          {problem === null ? null : (
            <div className={classes.problem}>
              <ProblemAlert problem={problem} />
            </div>
          )}
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
              problem={problem}
              onStay={() => void invalidate(cache, "/v1/session")}
              onLeave={() => void leaveNow()}
            />
          </Suspense>
        )}
      </div>
    </TimeZone>
  );
}
