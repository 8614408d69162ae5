import { whenSignedOut } from "@countersign/api/client";
import { problemOf } from "@countersign/api/problem";
import { api, invalidate } from "@countersign/api/query";
import { signOut, useLeave, useSessionEnd } from "@countersign/api/session";
import { IdleDialog } from "@countersign/ui/IdleDialog";
import { toastProblem } from "@countersign/ui/toast";
import { useWords } from "@countersign/ui/UiProvider";
import { useDisclosure, useHotkeys, useLocalStorage } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { forgetDrafts, keepDrafts, resumeDrafts } from "../drafts";
import { paths } from "../paths";
import { useSession } from "../session";
import { Palette } from "./Palette";
import { PhoneDrawer } from "./PhoneDrawer";
import { Rail } from "./Rail";
import classes from "./Shell.module.css";
import { TopBar } from "./TopBar";

export interface ShellProps {
  readonly children: ReactNode;
}

/** The frame around every page of a signed-in person. */
export function Shell({ children }: ShellProps) {
  const words = useWords();
  const session = useSession();
  const cache = useQueryClient();
  const router = useRouter();
  const leave = useLeave(cache, router);
  const { left } = useSessionEnd(session);
  const [palette, setPalette] = useDisclosure(false);
  const [drawer, setDrawer] = useDisclosure(false);
  const [narrow, setNarrow] = useLocalStorage({
    key: "countersign-rail-narrow",
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const { refetch } = api.useQuery("get", "/v1/session", undefined, { enabled: false });

  useHotkeys([["mod+K", setPalette.open]], []);

  useEffect(resumeDrafts, []);

  const slug = session.agency.slug;
  const ended = left === 0;
  useEffect(() => {
    function end(reason: "idle" | "suspended") {
      leave(() => {
        const next = window.location.pathname + window.location.search;
        keepDrafts();
        return router.navigate({
          ...paths.signIn(slug, next),
          search: { ended: reason, next },
          ignoreBlocker: true,
        });
      });
    }
    if (ended) end("idle");
    return whenSignedOut((problem) => {
      end(problem.slug === "account_suspended" ? "suspended" : "idle");
    });
  }, [ended, leave, router, slug]);

  async function leaveNow() {
    try {
      await signOut();
    } catch (thrown) {
      // Still signed in: whoever walks away now must know.
      toastProblem(problemOf(thrown));
      return;
    }
    forgetDrafts();
    leave(() => router.navigate({ ...paths.signIn(slug), ignoreBlocker: true }));
  }

  return (
    <div className={classes.shell} data-narrow={narrow || undefined}>
      <a href="#content" className={classes.skip} data-chrome>
        {words.skipToContent}
      </a>
      <Rail narrow={narrow} onToggle={() => setNarrow((now) => !now)} />
      <div className={classes.main}>
        <TopBar
          onSearch={setPalette.open}
          onMenu={setDrawer.open}
          onSignOut={() => void leaveNow()}
        />
        <main id="content" tabIndex={-1} className={classes.content}>
          {children}
        </main>
      </div>
      <PhoneDrawer opened={drawer} onClose={setDrawer.close} />
      <Palette opened={palette} onClose={setPalette.close} />
      <IdleDialog
        left={left}
        onStay={() => void refetch().then(() => invalidate(cache, "/v1/session"))}
        onLeave={() => void leaveNow()}
      />
    </div>
  );
}
