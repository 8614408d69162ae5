import { problemOf } from "@countersign/api/problem";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Page } from "@countersign/ui/Page";
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  type ErrorComponentProps,
  Outlet,
  useRouter,
} from "@tanstack/react-router";
import { EmptyState } from "@countersign/ui/EmptyState";
import { LinkButton } from "../LinkButton";
import { useMessages } from "../messages/MessagesProvider";
import { paths } from "../paths";

export const Route = createRootRouteWithContext<{ cache: QueryClient }>()({
  component: Outlet,
  errorComponent: Failed,
  notFoundComponent: Nothing,
});

function Failed({ error, reset }: ErrorComponentProps) {
  const t = useMessages();
  const router = useRouter();
  const problem = problemOf(error);
  if (problem.slug === "not_found") return <Nothing />;
  return (
    <Page title={t.product} product={t.product} width="form">
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

function Nothing() {
  const t = useMessages();
  return (
    <Page title={t.notFound.title} product={t.product}>
      <EmptyState
        title={t.notFound.title}
        action={<LinkButton {...paths.home()}>{t.notFound.home}</LinkButton>}
      >
        {t.notFound.text}
      </EmptyState>
    </Page>
  );
}
