import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { WhichAgency } from "../features/sessions/WhichAgency";
import { paths } from "../paths";
import { insideParam, present } from "../search-params";

export const Route = createFileRoute("/sign-in")({
  validateSearch: (search: Record<string, unknown>) =>
    present({ next: insideParam(search["next"]) }),
  component: WhichAgencyRoute,
});

function WhichAgencyRoute() {
  const navigate = useNavigate();
  const { next } = Route.useSearch();
  return <WhichAgency onFound={(slug) => void navigate(paths.signIn(slug, next))} />;
}
