import { problemOf } from "@countersign/api/problem";
import { api } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { EmptyState } from "@countersign/ui/EmptyState";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { MenuAction } from "@countersign/ui/MenuAction";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Section } from "@countersign/ui/Section";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { ActionIcon, Menu } from "@mantine/core";
import {
  IconCalendarRepeat,
  IconDots,
  IconMailForward,
  IconPencil,
  IconSend,
} from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { Expiry } from "../../Expiry";
import { LinkButton } from "../../LinkButton";
import { LinkItem } from "../../LinkItem";
import { LINES } from "../../lines";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./MastersList.module.css";
import { standingOf } from "../../master-standing";
import { MasterStateBadge } from "./MasterStateBadge";

type Master = components["schemas"]["Master"];

export interface MastersListProps {
  readonly insured: components["schemas"]["Insured"];
}

/** Master certificates of an insured, grouped by what can be done with them. */
export function MastersList({ insured }: MastersListProps) {
  const t = useMessages();
  const format = useFormat();
  const navigate = useNavigate();
  const list = api.useQuery("get", "/v1/insureds/{insured}/masters", {
    params: { path: { insured: insured.id } },
  });
  const maySend = insured.may.includes("send_certificate");
  const columns = useMemo(
    (): readonly Column<Master>[] => [
      {
        id: "actions",
        header: t.actions,
        quietHeader: true,
        width: "40px",
        phone: "actions",
        cell: (master) => (
          <Menu position="bottom-start">
            <Menu.Target>
              <ActionIcon aria-label={t.actionsFor(master.name)}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <MenuAction
                icon={<IconSend size={16} stroke={1.6} />}
                reason={maySend ? null : t.certificates.whyNot.resend}
                onClick={() =>
                  void navigate(paths.sendCertificate(insured.id, { master: master.id }))
                }
              >
                {t.certificates.sendWith}
              </MenuAction>
              <MenuAction
                icon={<IconMailForward size={16} stroke={1.6} />}
                reason={maySend ? null : t.certificates.whyNot.resend}
                onClick={() => void navigate(paths.sendMany(insured.id, { master: master.id }))}
              >
                {t.batches.sendMany}
              </MenuAction>
              <MenuAction
                icon={<IconCalendarRepeat size={16} stroke={1.6} />}
                reason={maySend ? null : t.certificates.whyNot.resend}
                onClick={() => void navigate(paths.renewalRun(insured.id, { master: master.id }))}
              >
                {t.batches.renewalRun}
              </MenuAction>
              <LinkItem
                {...paths.master(insured.id, master.id)}
                leftSection={<IconPencil size={16} stroke={1.6} />}
              >
                {master.may.includes("edit") ? t.masters.edit : t.masters.look}
              </LinkItem>
            </Menu.Dropdown>
          </Menu>
        ),
      },
      {
        id: "name",
        header: t.masters.name,
        phone: "title",
        cell: (master) => (
          <span className={classes.cell}>
            <Link {...paths.master(insured.id, master.id)} className={classes.name}>
              {master.name}
            </Link>
            {master.new_term_lines.length > 0 ? (
              <StatusBadge tone="pending">{t.masters.newTerm}</StatusBadge>
            ) : null}
          </span>
        ),
      },
      {
        id: "sections",
        header: t.masters.sections,
        width: "22%",
        phone: "bare",
        cell: (master) =>
          LINES.filter((line) => master.sections[line])
            .map((line) => t.lines.short[line])
            .join(" + "),
      },
      {
        id: "ends",
        header: t.masters.earliestEnd,
        width: "194px",
        cell: (master) => (
          <Expiry
            date={master.earliest_expiration_on}
            cancelled={standingOf(master) === "cancelled"}
          />
        ),
      },
      {
        id: "portal",
        header: t.masters.inPortal,
        width: "96px",
        cell: (master) => (master.portal_usable ? t.yes : t.no),
      },
      {
        id: "used",
        header: t.masters.lastUsed,
        width: "130px",
        cell: (master) => (master.last_used_at ? format.ago(master.last_used_at) : t.never),
      },
      {
        id: "state",
        header: t.masters.state,
        width: "120px",
        phone: "bare",
        cell: (master) => <MasterStateBadge standing={standingOf(master)} />,
      },
    ],
    [t, format, navigate, insured.id, maySend],
  );

  const reason = insured.may.includes("create_master") ? null : t.masters.mayNot;
  const create =
    reason === null ? (
      <LinkButton {...paths.newMaster(insured.id)} variant="default" size="xs">
        {t.masters.add}
      </LinkButton>
    ) : (
      <GuardedButton reason={reason} variant="default" size="xs">
        {t.masters.add}
      </GuardedButton>
    );
  if (list.error !== null && list.data === undefined) {
    return <ProblemAlert problem={problemOf(list.error)} onRetry={() => void list.refetch()} />;
  }
  const masters = list.data?.data;
  if (masters?.length === 0) {
    return (
      <EmptyState title={t.masters.none} action={create}>
        {t.masters.noneText}
      </EmptyState>
    );
  }
  const groups =
    masters === undefined
      ? [{ state: "current" as const, rows: undefined }]
      : (["current", "expiring", "upcoming", "expired"] as const)
          .map((state) => ({ state, rows: masters.filter((master) => master.state === state) }))
          .filter((group) => group.rows.length > 0);
  return (
    <>
      {groups.map((group, index) => (
        <Section
          key={group.state}
          title={t.masters.groups[group.state]}
          {...(index === 0 ? { actions: create } : {})}
        >
          <DataTable
            label={t.masters.groups[group.state]}
            columns={columns}
            rows={group.rows}
            rowId={(master) => master.id}
            onOpen={(master) => void navigate(paths.master(insured.id, master.id))}
            empty={null}
          />
        </Section>
      ))}
    </>
  );
}
