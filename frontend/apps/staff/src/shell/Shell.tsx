import { whenSignedOut } from "@countersign/api/client";
import { api, invalidate } from "@countersign/api/query";
import { signOut, useSessionEnd } from "@countersign/api/session";
import { IdleDialog } from "@countersign/ui/IdleDialog";
import { useWords } from "@countersign/ui/UiProvider";
import { useDisclosure, useHotkeys, useLocalStorage } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { keepDrafts } from "../drafts";
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
  const navigate = useNavigate();
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

  const slug = session.agency.slug;
  const ended = left === 0;
  useEffect(() => {
    function leave(reason: "idle" | "suspended") {
      const next = window.location.pathname + window.location.search;
      keepDrafts();
      cache.clear();
      void navigate({
        to: "/$agency/sign-in",
        params: { agency: slug },
        search: { ended: reason, next },
      });
    }
    if (ended) leave("idle");
    return whenSignedOut((problem) => {
      leave(problem.slug === "account_suspended" ? "suspended" : "idle");
    });
  }, [cache, ended, navigate, slug]);

  async function leaveNow() {
    // Signing out must work when the server already forgot the session.
    await signOut(cache).catch(() => cache.clear());
    await navigate({ to: "/$agency/sign-in", params: { agency: slug } });
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
