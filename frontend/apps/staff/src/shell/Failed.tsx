import { problemOf } from "@countersign/api/problem";
import { Page } from "@countersign/ui/Page";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useMessages } from "../messages/MessagesProvider";
import { NotAllowed } from "./NotAllowed";
import { Nothing } from "./Nothing";

/** A page that could not be loaded: what is wrong, and another try. */
export function Failed({ error, reset }: ErrorComponentProps) {
  const t = useMessages();
  const router = useRouter();
  const problem = problemOf(error);
  if (problem.slug === "not_found") return <Nothing />;
  if (problem.slug === "forbidden") {
    return (
      <Page title={t.notAllowed.title} product={t.product}>
        <NotAllowed />
      </Page>
    );
  }
  return (
    <Page title={t.failedPage} product={t.product} width="form">
      <ProblemAlert
        problem={problem}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </Page>
  );
}
