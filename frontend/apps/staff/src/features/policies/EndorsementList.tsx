import { client, ifMatch } from "@countersign/api/client";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { ConfirmDialog } from "@countersign/ui/ConfirmDialog";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { MenuAction } from "@countersign/ui/MenuAction";
import { Section } from "@countersign/ui/Section";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { toastDone } from "@countersign/ui/toast";
import { useFormat } from "@countersign/ui/UiProvider";
import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { EndorsementDialog } from "./EndorsementDialog";
import classes from "./PolicyPage.module.css";

type PolicyRecord = components["schemas"]["PolicyRecord"];
type Endorsement = components["schemas"]["Endorsement"];

export interface EndorsementListProps {
  readonly record: PolicyRecord;
}

type Open = { readonly act: "edit" | "remove"; readonly form: Endorsement } | { act: "add" } | null;

/** The forms on a policy: what each does, whom it reaches, and whether it stands today. */
export function EndorsementList({ record }: EndorsementListProps) {
  const t = useMessages();
  const format = useFormat();
  const [open, setOpen] = useState<Open>(null);
  const e = t.endorsements;
  const reason = record.may.includes("edit") ? null : t.policies.mayNot;
  const columns = useMemo(
    (): readonly Column<Endorsement>[] => [
      {
        id: "actions",
        header: t.actions,
        quietHeader: true,
        width: "40px",
        phone: "actions",
        cell: (form) => (
          <Menu position="bottom-start">
            <Menu.Target>
              <ActionIcon aria-label={t.actionsFor(`${form.form_number} ${form.edition}`)}>
                <IconDots size={16} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <MenuAction
                icon={<IconPencil size={16} stroke={1.6} />}
                reason={reason}
                onClick={() => setOpen({ act: "edit", form })}
              >
                {e.edit}
              </MenuAction>
              <MenuAction
                icon={<IconTrash size={16} stroke={1.6} />}
                reason={reason}
                onClick={() => setOpen({ act: "remove", form })}
              >
                {e.remove}
              </MenuAction>
            </Menu.Dropdown>
          </Menu>
        ),
      },
      {
        id: "form",
        header: e.form,
        width: "136px",
        phone: "title",
        cell: (form) => (
          <span className={classes.strong}>
            {form.form_number} {form.edition}
          </span>
        ),
      },
      {
        id: "title",
        header: e.titleOf,
        phone: "bare",
        cell: (form) => <span className={classes.breaking}>{form.title}</span>,
      },
      {
        id: "effect",
        header: e.effect,
        width: "22%",
        cell: (form) => (
          <span className={classes.breaking}>
            {e.effects[form.effect]}
            {form.notice_days ? ` · ${t.policies.noticeDays(form.notice_days)}` : null}
          </span>
        ),
      },
      {
        id: "scope",
        header: e.scope,
        width: "21%",
        cell: (form) => (
          <span className={classes.breaking}>
            {t.policies.scopes[form.scope]}
            {form.scheduled_parties.length === 0
              ? null
              : `: ${format.list(form.scheduled_parties)}`}
          </span>
        ),
      },
      {
        id: "stands",
        header: e.stands,
        width: "160px",
        cell: (form) =>
          form.stands ? (
            form.ends_on ? (
              <StatusBadge tone="warn">{e.endsOn(format.date(form.ends_on))}</StatusBadge>
            ) : (
              <StatusBadge tone="good">{e.standing}</StatusBadge>
            )
          ) : form.ends_on && format.daysUntil(form.ends_on) <= 0 ? (
            <StatusBadge tone="quiet">{e.endedOn(format.date(form.ends_on))}</StatusBadge>
          ) : (
            <StatusBadge tone="pending">{e.standsFrom(format.date(form.effective_on))}</StatusBadge>
          ),
      },
    ],
    [t, e, format, reason],
  );
  return (
    <Section
      title={t.policies.endorsementsOf(record.policy.endorsements.length)}
      actions={
        <GuardedButton
          reason={reason}
          variant="default"
          size="xs"
          onClick={() => setOpen({ act: "add" })}
        >
          {e.add}
        </GuardedButton>
      }
    >
      <DataTable
        label={t.policies.endorsements}
        columns={columns}
        rows={record.policy.endorsements}
        rowId={(form) => form.id}
        empty={<p className={classes.soft}>{t.policies.noEndorsements}</p>}
      />
      {open === null ? null : open.act === "remove" ? (
        <RemoveEndorsement record={record} form={open.form} onClose={() => setOpen(null)} />
      ) : (
        <EndorsementDialog
          record={record}
          form={open.act === "edit" ? open.form : null}
          onClose={() => setOpen(null)}
        />
      )}
    </Section>
  );
}

function RemoveEndorsement({
  record,
  form,
  onClose,
}: {
  readonly record: PolicyRecord;
  readonly form: Endorsement;
  readonly onClose: () => void;
}) {
  const t = useMessages();
  const cache = useQueryClient();
  const [version] = useState(record.version);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState(false);
  const name = `${form.form_number} ${form.edition}`;

  async function remove() {
    setBusy(true);
    setProblem(null);
    try {
      await client.DELETE("/v1/policies/{policy}/endorsements/{endorsement}", {
        params: { path: { policy: record.id, endorsement: form.id } },
        headers: ifMatch(version),
      });
      await invalidate(cache, "/v1/policies/{policy}", { policy: record.id });
      void invalidate(cache, "/v1/insureds/{insured}", { insured: record.insured_id });
      toastDone(t.endorsements.removed(name));
      onClose();
    } catch (thrown) {
      setProblem(problemOf(thrown));
      setBusy(false);
    }
  }

  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      onConfirm={() => void remove()}
      title={t.endorsements.removeOf(name)}
      confirmLabel={t.endorsements.remove}
      danger
      busy={busy}
      problem={problem === null ? null : { problem }}
    >
      {t.endorsements.removeText}
    </ConfirmDialog>
  );
}
