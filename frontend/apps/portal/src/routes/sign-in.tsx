import { createFileRoute } from "@tanstack/react-router";
import { WhichAgency } from "../features/sessions/WhichAgency";
import { paths } from "../paths";
import { present, textParam } from "../search-params";

export const Route = createFileRoute("/sign-in")({
  validateSearch: (search: Record<string, unknown>) => present({ next: textParam(search["next"]) }),
  component: SignIn,
});

function SignIn() {
  const navigate = Route.useNavigate();
  const search = Route.useSearch();
  return <WhichAgency onFound={(slug) => void navigate({ ...paths.signIn(slug), search })} />;
}
