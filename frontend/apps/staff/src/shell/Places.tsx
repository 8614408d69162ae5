import { Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMessages } from "../messages/MessagesProvider";
import { useMay } from "../session";
import { places } from "./places";
import classes from "./Places.module.css";

export interface PlacesProps {
  readonly narrow?: boolean;
  readonly onChoose?: () => void;
}

export function Places({ narrow = false, onChoose }: PlacesProps) {
  const t = useMessages();
  const may = useMay();
  return (
    <ul className={classes.places} data-narrow={narrow || undefined}>
      {places(t, may).map(({ id, label, Icon, to }) => (
        <li key={id}>
          <Tooltip label={label} position="right" disabled={!narrow}>
            <Link
              to={to}
              className={classes.place}
              activeOptions={{ exact: to === "/" }}
              activeProps={{ "data-active": true, "aria-current": "page" }}
              {...(narrow ? { "aria-label": label } : {})}
              {...(onChoose === undefined ? {} : { onClick: onChoose })}
            >
              <Icon size={18} stroke={1.6} aria-hidden />
              {narrow ? null : <span>{label}</span>}
            </Link>
          </Tooltip>
        </li>
      ))}
    </ul>
  );
}
