import { createFileRoute, Link, Outlet } from "@tanstack/react-router";
import { useMessages } from "../../../../messages/MessagesProvider";
import { paths } from "../../../../paths";
import classes from "./documents.module.css";

/** Documents of the insured; each kind is a sub-tab with its own address. */
export const Route = createFileRoute("/_signed-in/insureds/$insured/documents")({
  component: Documents,
});

function Documents() {
  const t = useMessages();
  const { insured } = Route.useParams();
  return (
    <>
      <nav aria-label={t.insureds.tabs.documents} className={classes.tabs}>
        <Link
          {...paths.certificatesSent(insured)}
          className={classes.tab}
          activeOptions={{ includeSearch: false }}
          activeProps={{ "data-active": true, "aria-current": "page" }}
        >
          {t.certificates.sent}
        </Link>
        <Link
          {...paths.batchesOf(insured)}
          className={classes.tab}
          activeProps={{ "data-active": true, "aria-current": "page" }}
        >
          {t.batches.title}
        </Link>
      </nav>
      <Outlet />
    </>
  );
}
