import { createFileRoute } from "@tanstack/react-router";
import { WhichAgency } from "../features/sessions/WhichAgency";
import { paths } from "../paths";

export const Route = createFileRoute("/sign-in")({ component: SignIn });

function SignIn() {
  const navigate = Route.useNavigate();
  return <WhichAgency onFound={(slug) => void navigate(paths.signIn(slug))} />;
}
