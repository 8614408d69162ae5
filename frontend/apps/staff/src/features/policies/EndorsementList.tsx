import type { components } from "@countersign/api/schema";
import { type Column, DataTable } from "@countersign/ui/DataTable";
import { GuardedButton } from "@countersign/ui/GuardedButton";
import { MenuAction } from "@countersign/ui/MenuAction";
import { Section } from "@countersign/ui/Section";
import { StatusBadge } from "@countersign/ui/StatusBadge";
import { useFormat } from "@countersign/ui/UiProvider";
import { ActionIcon, Menu } from "@mantine/core";
import {
  IconDots,
  IconEye,
  IconFileX,
  IconPaperclip,
  IconPencil,
  IconTrash,
} from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { AttachFile } from "./AttachFile";
import { EndorsementDialog } from "./EndorsementDialog";
import { EndorsementFile } from "../../EndorsementFile";
import { type FormStanding, formStanding } from "./form-standing";
import classes from "./PolicyPage.module.css";
import { RemoveEndorsement } from "./RemoveEndorsement";
import { RemoveFile } from "./RemoveFile";

type PolicyRecord = components["schemas"]["PolicyRecord"];
type Endorsement = components["schemas"]["Endorsement"];

export interface EndorsementListProps {
  readonly record: PolicyRecord;
}

type Open =
  | {
      readonly act: "edit" | "remove" | "attach" | "view" | "detach";
      readonly form: Endorsement;
    }
  | { act: "add" }
  | null;

/** The forms on a policy: what each does, whom it reaches, and whether it stands today. */
export function EndorsementList({ record }: EndorsementListProps) {
  const t = useMessages();
  const format = useFormat();
  const [open, setOpen] = useState<Open>(null);
  const e = t.endorsements;
  const a = t.attachments;
  const reason = record.may.includes("edit") ? null : t.policies.mayNot;
  const { effective_on: begins, expires_on: expires, cancelled_on: cancelled } = record.policy;
  const term = useMemo(
    () => ({ begins, ends: cancelled && cancelled < expires ? cancelled : expires }),
    [begins, expires, cancelled],
  );
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
                icon={<IconPaperclip size={16} stroke={1.6} />}
                reason={reason}
                onClick={() => setOpen({ act: "attach", form })}
              >
                {form.file ? a.replace : a.attach}
              </MenuAction>
              {form.file ? (
                <>
                  <MenuAction
                    icon={<IconEye size={16} stroke={1.6} />}
                    reason={null}
                    onClick={() => setOpen({ act: "view", form })}
                  >
                    {a.view}
                  </MenuAction>
                  <MenuAction
                    icon={<IconFileX size={16} stroke={1.6} />}
                    reason={reason}
                    onClick={() => setOpen({ act: "detach", form })}
                  >
                    {a.remove}
                  </MenuAction>
                </>
              ) : null}
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
        width: "18%",
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
        width: "17%",
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
        id: "file",
        header: a.file,
        width: "170px",
        cell: (form) =>
          form.file ? (
            <span className={classes.file}>
              <button
                type="button"
                className={classes.fileName}
                aria-label={a.viewOf(form.file.name, `${form.form_number} ${form.edition}`)}
                onClick={() => setOpen({ act: "view", form })}
              >
                {form.file.name}
              </button>
              <span className={classes.soft}>{format.bytes(form.file.size_bytes)}</span>
            </span>
          ) : (
            <GuardedButton
              reason={reason}
              variant="subtle"
              size="compact-xs"
              aria-label={a.attachOf(`${form.form_number} ${form.edition}`)}
              onClick={() => setOpen({ act: "attach", form })}
            >
              {a.attach}
            </GuardedButton>
          ),
      },
      {
        id: "stands",
        header: e.stands,
        width: "164px",
        cell: (form) => <Standing standing={formStanding(form, term, format)} />,
      },
    ],
    [t, e, a, format, reason, term],
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
      <EndorsementDialogs record={record} open={open} onClose={() => setOpen(null)} />
    </Section>
  );
}

function Standing({ standing }: { readonly standing: FormStanding }) {
  const e = useMessages().endorsements;
  const format = useFormat();
  switch (standing.is) {
    case "standing":
      return <StatusBadge tone="good">{e.standing}</StatusBadge>;
    case "ends":
      return <StatusBadge tone="warn">{e.endsOn(format.date(standing.on))}</StatusBadge>;
    case "ended":
      return <StatusBadge tone="quiet">{e.endedOn(format.date(standing.on))}</StatusBadge>;
    case "over":
      return <StatusBadge tone="quiet">{e.policyEnded}</StatusBadge>;
    case "begins":
      return <StatusBadge tone="pending">{e.beginsOn(format.date(standing.on))}</StatusBadge>;
  }
}

function EndorsementDialogs({
  record,
  open,
  onClose,
}: {
  readonly record: PolicyRecord;
  readonly open: Open;
  readonly onClose: () => void;
}) {
  switch (open?.act) {
    case undefined:
      return null;
    case "remove":
      return <RemoveEndorsement record={record} form={open.form} onClose={onClose} />;
    case "attach":
      return <AttachFile record={record} form={open.form} onClose={onClose} />;
    case "detach":
      return <RemoveFile record={record} form={open.form} onClose={onClose} />;
    case "view":
      return <EndorsementFile policy={record.id} form={open.form} onClose={onClose} />;
    case "edit":
      return <EndorsementDialog record={record} form={open.form} onClose={onClose} />;
    case "add":
      return <EndorsementDialog record={record} form={null} onClose={onClose} />;
  }
}
