import "../../kit/menus.css";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { MenuAction } from "@countersign/ui/MenuAction";
import { ActionIcon, Menu } from "@mantine/core";
import { IconDotsVertical, IconDownload, IconEye, IconSend2 } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { download } from "../../certificate-page";
import { LinkMenuItem } from "../../LinkMenuItem";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./RowMenu.module.css";
import { whyNotAgain } from "./why-not-again";

export interface RowMenuProps {
  readonly row: components["schemas"]["CertificateRow"];
  readonly onProblem: (problem: ProblemError) => void;
}

export function RowMenu({ row, onProblem }: RowMenuProps) {
  const t = useMessages();
  const navigate = useNavigate();
  return (
    <Menu position="bottom-end" width={230} classNames={{ item: classes.item ?? "" }}>
      <Menu.Target>
        <ActionIcon size={44} aria-label={t.certificates.actionsFor(row.holder_name, row.number)}>
          <IconDotsVertical size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <LinkMenuItem
          {...paths.certificatePage(row.id)}
          leftSection={<IconEye size={18} stroke={1.6} aria-hidden />}
        >
          {t.certificates.preview}
        </LinkMenuItem>
        <MenuAction
          icon={<IconDownload size={18} stroke={1.6} aria-hidden />}
          onClick={() => {
            download(row).catch((thrown: unknown) => onProblem(problemOf(thrown)));
          }}
        >
          {t.certificates.download}
        </MenuAction>
        <MenuAction
          icon={<IconSend2 size={18} stroke={1.6} aria-hidden />}
          reason={whyNotAgain(row, t)}
          onClick={() => void navigate(paths.certificate(row.id, { again: true }))}
        >
          {t.certificates.sendAgain}
        </MenuAction>
      </Menu.Dropdown>
    </Menu>
  );
}
