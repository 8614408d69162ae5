import { Link } from "@tanstack/react-router";
import { useMessages } from "../../../messages/MessagesProvider";
import { paths } from "../../../paths";
import classes from "../insureds/-ProfileTabs.module.css";

/** The parts of the agency's certificates, each with an address of its own. */
export function CertificateTabs() {
  const t = useMessages();
  const tabs = [
    { to: paths.certificates(), label: t.certificates.sent },
    { to: paths.batches(), label: t.batches.title },
  ];
  return (
    <nav aria-label={t.certificates.title} className={classes.tabs}>
      {tabs.map(({ to, label }) => (
        <Link
          key={to.to}
          to={to.to}
          className={classes.tab}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ "data-active": true, "aria-current": "page" }}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
