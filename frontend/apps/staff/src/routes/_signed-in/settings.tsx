import { Page } from "@countersign/ui/Page";
import { createFileRoute, Link, Outlet, useLocation } from "@tanstack/react-router";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { useMay } from "../../session";
import classes from "./settings.module.css";

export const Route = createFileRoute("/_signed-in/settings")({ component: Settings });

function Settings() {
  const t = useMessages();
  const may = useMay();
  const { pathname } = useLocation();
  const parts = [
    { to: paths.agency().to, label: t.settings.agency, when: true },
    { to: paths.templates().to, label: t.settings.templates, when: may("view_certificates") },
    { to: paths.stateRules().to, label: t.settings.stateRules, when: true },
    { to: paths.imports().to, label: t.settings.import, when: may("run_imports") },
    { to: paths.failedMail().to, label: t.settings.mail, when: may("retry_mail") },
  ].filter((part) => part.when);
  const here = parts.find((part) => pathname.startsWith(part.to));
  return (
    <Page title={here?.label ?? t.settings.title} product={t.product} trail={t.settings.title}>
      <div className={classes.columns}>
        <nav aria-label={t.settings.title} className={classes.parts}>
          {parts.map(({ to, label }) => (
            <Link
              key={to}
              to={to}
              className={classes.part}
              activeProps={{ "data-active": true, "aria-current": "page" }}
            >
              {label}
            </Link>
          ))}
        </nav>
        <div className={classes.content}>
          <Outlet />
        </div>
      </div>
    </Page>
  );
}
