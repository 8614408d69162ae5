import { problemOf } from "@countersign/api/problem";
import type { components } from "@countersign/api/schema";
import { MenuAction } from "@countersign/ui/MenuAction";
import { toastProblem } from "@countersign/ui/toast";
import { ActionIcon, Menu } from "@mantine/core";
import {
  IconCopy,
  IconDots,
  IconDownload,
  IconEye,
  IconFileX,
  IconMailForward,
  IconPencil,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { downloadCertificate } from "./download-certificate";

type CertificateRow = components["schemas"]["CertificateRow"];

/** What is open beside a row. */
export type RowDialog = "preview" | "exact" | "edited" | "withdraw";

export interface RowActionsProps {
  readonly row: CertificateRow;
  readonly onOpen: (dialog: RowDialog) => void;
}

/** What can be done with a certificate: look, save, resend in its two ways, revise, withdraw. */
export function RowActions({ row, onOpen }: RowActionsProps) {
  const t = useMessages();
  const navigate = useNavigate();
  const icon = { size: 16, stroke: 1.6 };
  const not = (act: string, reason: string) => (row.may.includes(act) ? null : reason);
  const why = t.certificates.whyNot;
  const resend = not("resend", why.resendOf[row.state]);
  return (
    <Menu position="bottom-start" width={260}>
      <Menu.Target>
        <ActionIcon aria-label={t.actionsFor(`${row.number}, ${row.holder_name}`)}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <MenuAction
          icon={<IconEye {...icon} />}
          reason={not("preview", why.look)}
          onClick={() => onOpen("preview")}
        >
          {t.certificates.preview}
        </MenuAction>
        <MenuAction
          icon={<IconDownload {...icon} />}
          reason={not("download", why.look)}
          onClick={() => {
            downloadCertificate(row).catch((thrown: unknown) => toastProblem(problemOf(thrown)));
          }}
        >
          {t.certificates.download}
        </MenuAction>
        <Menu.Divider />
        <MenuAction icon={<IconCopy {...icon} />} reason={resend} onClick={() => onOpen("exact")}>
          {t.certificates.resendExact}
        </MenuAction>
        <MenuAction
          icon={<IconMailForward {...icon} />}
          reason={resend}
          onClick={() => onOpen("edited")}
        >
          {t.certificates.resendEdited}
        </MenuAction>
        <Menu.Divider />
        <MenuAction
          icon={<IconPencil {...icon} />}
          reason={not("revise", why.reviseOf[row.state])}
          onClick={() => void navigate(paths.reviseCertificate(row.insured_id, row.id))}
        >
          {t.certificates.revise}
        </MenuAction>
        <MenuAction
          icon={<IconFileX {...icon} />}
          reason={not("withdraw", why.withdrawOf[row.state])}
          onClick={() => onOpen("withdraw")}
          danger
        >
          {t.certificates.withdraw}
        </MenuAction>
      </Menu.Dropdown>
    </Menu>
  );
}
