import { lastAgency } from "@countersign/api/last-agency";
import { createFileRoute, Outlet, redirect } from "@tanstack/react-router";
import { paths } from "../paths";
import { standing } from "../session";
import { Shell } from "../shell/Shell";

export const Route = createFileRoute("/_signed-in")({
  beforeLoad: async ({ context, location }) => {
    const session = await standing(context.cache);
    const slug = lastAgency();
    if (session === "suspended" && slug !== null) throw redirect(paths.suspended(slug));
    if (typeof session === "string") {
      const search = location.href === "/" ? {} : { next: location.href };
      if (slug === null) throw redirect(paths.whichAgency(search));
      throw redirect({ ...paths.signIn(slug), search });
    }
    return { session };
  },
  component: SignedIn,
});

function SignedIn() {
  return (
    <Shell>
      <Outlet />
    </Shell>
  );
}
