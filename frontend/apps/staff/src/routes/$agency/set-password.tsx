import { createFileRoute, useLocation } from "@tanstack/react-router";
import { useState } from "react";
import { SetPassword } from "../../features/sessions/SetPassword";

export const Route = createFileRoute("/$agency/set-password")({ component: SetPasswordRoute });

/** The token may stay in the address, where a reload finds it, until it is worth nothing any more. */
function stripToken() {
  window.history.replaceState(window.history.state, "", window.location.pathname);
}

function SetPasswordRoute() {
  const { agency } = Route.useParams();
  const { hash } = useLocation();
  const [token] = useState(() => new URLSearchParams(hash).get("token") ?? "");
  return <SetPassword slug={agency} token={token} onUsed={stripToken} />;
}
