import { createFileRoute, useLoaderData } from "@tanstack/react-router";
import { ForgotPassword } from "../features/sessions/ForgotPassword";

export const Route = createFileRoute("/$agency/forgot-password")({ component: Page });

function Page() {
  return <ForgotPassword agency={useLoaderData({ from: "/$agency" })} />;
}
