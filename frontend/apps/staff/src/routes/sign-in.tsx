import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { WhichAgency } from "../features/sessions/WhichAgency";
import { paths } from "../paths";

export const Route = createFileRoute("/sign-in")({ component: WhichAgencyRoute });

function WhichAgencyRoute() {
  const navigate = useNavigate();
  return <WhichAgency onFound={(slug) => void navigate(paths.signIn(slug))} />;
}
