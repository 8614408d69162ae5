import { createFileRoute, useLoaderData } from "@tanstack/react-router";
import { Suspended } from "../features/sessions/Suspended";

export const Route = createFileRoute("/$agency/suspended")({ component: Page });

function Page() {
  return <Suspended agency={useLoaderData({ from: "/$agency" })} />;
}
