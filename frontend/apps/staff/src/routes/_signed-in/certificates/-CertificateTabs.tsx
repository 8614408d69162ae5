import { Link } from "@tanstack/react-router";
import { useMessages } from "../../../messages/MessagesProvider";
import { paths } from "../../../paths";
import { useMay } from "../../../session";
import classes from "../insureds/-ProfileTabs.module.css";

/** The parts of the agency's certificates, each with an address of its own. */
export function CertificateTabs() {
  const t = useMessages();
  const may = useMay();
  const tabs = [
    { to: paths.certificates(), label: t.certificates.sent },
    { to: paths.batches(), label: t.batches.title },
    ...(may("send_certificates") || may("override_findings")
      ? [{ to: paths.approvals(), label: t.approvals.title }]
      : []),
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
