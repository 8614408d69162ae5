import { isProblem, problemOf } from "@countersign/api/problem";
import { type CurrentSession, sessionQuery } from "@countersign/api/session";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { useQueryClient } from "@tanstack/react-query";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { CallAgency } from "./CallAgency";
import { LinkButton } from "./LinkButton";
import { useMessages } from "./messages/MessagesProvider";
import { paths } from "./paths";
import { Screen } from "./Screen";

/** In place of a page that could not be loaded. */
export function ProblemScreen({ error, reset }: ErrorComponentProps) {
  const t = useMessages();
  const router = useRouter();
  const cache = useQueryClient();
  const session = cache.getQueryData<CurrentSession>(sessionQuery.queryKey);
  const forbidden = isProblem(error, "forbidden");
  useEffect(() => {
    // The rights changed since the session was read: the places follow.
    if (forbidden) void cache.invalidateQueries({ queryKey: sessionQuery.queryKey });
  }, [cache, forbidden]);

  if (isProblem(error, "session_required", "account_suspended")) return null;
  if (forbidden && session !== undefined) {
    return (
      <Screen
        title={t.problems.forbiddenTitle}
        intro={t.problems.forbiddenText(session.agency.name)}
      >
        <CallAgency agency={session.agency} primary />
      </Screen>
    );
  }
  if (isProblem(error, "not_found")) {
    return (
      <Screen title={t.problems.missingTitle} intro={t.problems.missingText}>
        <LinkButton {...paths.home()} size="md">
          {t.problems.home}
        </LinkButton>
      </Screen>
    );
  }
  return (
    <Screen title={t.problems.title}>
      <ProblemAlert
        problem={problemOf(error)}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </Screen>
  );
}
