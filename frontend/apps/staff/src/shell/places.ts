import {
  IconAddressBook,
  IconCertificate,
  IconHome,
  IconSettings,
  IconUsers,
  type TablerIcon,
} from "@tabler/icons-react";
import type { Messages } from "../messages/en";
import { paths } from "../paths";

export interface Place {
  readonly id: string;
  readonly label: string;
  readonly Icon: TablerIcon;
  readonly to: string;
}

/** What the rail, the phone's drawer and the palette lead to; whole areas only, in this order. */
export function places(t: Messages, may: (permission: string) => boolean): readonly Place[] {
  const all = [
    { id: "home", label: t.shell.home, Icon: IconHome, to: paths.home().to, when: true },
    {
      id: "insureds",
      label: t.shell.insureds,
      Icon: IconUsers,
      to: paths.insureds().to,
      when: may("view_insureds"),
    },
    {
      id: "holders",
      label: t.shell.holders,
      Icon: IconAddressBook,
      to: paths.holders().to,
      when: may("view_certificates"),
    },
    {
      id: "certificates",
      label: t.shell.certificates,
      Icon: IconCertificate,
      to: paths.certificates().to,
      when: may("view_certificates"),
    },
    {
      id: "settings",
      label: t.shell.settings,
      Icon: IconSettings,
      to: "/settings",
      when: true,
    },
  ];
  return all.filter((place) => place.when);
}
