import {
  IconCertificate,
  IconFileText,
  IconHome,
  IconSend2,
  type IconProps,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { useMessages } from "../messages/MessagesProvider";
import { paths } from "../paths";
import { useAccess } from "../session";
import { type Place, placesOf } from "./places";
import classes from "./PlaceLinks.module.css";

const ICONS: Record<Place, ComponentType<IconProps>> = {
  home: IconHome,
  send: IconSend2,
  certificates: IconCertificate,
  policies: IconFileText,
};

/** The places of the portal: beside the agency's name, or under the thumb on a phone. */
export function PlaceLinks() {
  const t = useMessages();
  const places = placesOf(useAccess());
  const to = {
    home: paths.home(),
    send: paths.send(),
    certificates: paths.certificates(),
    policies: paths.policies(),
  };
  if (places.length === 1) return null;
  return (
    <nav className={classes.nav} aria-label={t.shell.navigation} data-chrome>
      <ul className={classes.list}>
        {places.map((place) => {
          const Icon = ICONS[place];
          return (
            <li key={place} className={classes.item}>
              <Link
                {...to[place]}
                className={classes.link}
                activeOptions={{ exact: place === "home", includeSearch: false }}
                activeProps={{ "aria-current": "page" }}
              >
                <Icon className={classes.icon ?? ""} size={24} stroke={1.6} aria-hidden />
                <span>{t.places[place]}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
