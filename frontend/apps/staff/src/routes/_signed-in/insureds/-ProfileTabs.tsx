import { Link, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useMessages } from "../../../messages/MessagesProvider";
import { paths } from "../../../paths";
import classes from "./-ProfileTabs.module.css";

export interface ProfileTabsProps {
  readonly insured: string;
}

/** The profile's tabs. Each is an address of its own, so they are links in a navigation. */
export function ProfileTabs({ insured }: ProfileTabsProps) {
  const t = useMessages();
  const row = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  useEffect(() => {
    // On a phone the row is wider than the screen: the tab one is on must be in sight.
    row.current
      ?.querySelector("[aria-current]")
      ?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [pathname]);
  const tabs = [
    { to: paths.insured(insured), label: t.insureds.tabs.overview, exact: true },
    { to: paths.policies(insured), label: t.insureds.tabs.policies },
    { to: paths.certificatesSent(insured), label: t.insureds.tabs.documents },
    { to: paths.masters(insured), label: t.insureds.tabs.masters },
    { to: paths.interests(insured), label: t.insureds.tabs.interests },
    { to: paths.portalUser(insured), label: t.insureds.tabs.portal },
    { to: paths.activity(insured), label: t.insureds.tabs.activity },
  ];
  return (
    <nav ref={row} aria-label={t.insureds.tabs.label} className={classes.tabs}>
      {tabs.map(({ to, label, exact }) => (
        <Link
          key={to.to}
          to={to.to}
          params={to.params}
          className={classes.tab}
          activeOptions={{ exact: exact ?? false, includeSearch: false }}
          activeProps={{ "data-active": true, "aria-current": "page" }}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
