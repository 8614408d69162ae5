import { client, ifMatch } from "@countersign/api/client";
import { Intent } from "@countersign/api/intent";
import { problemOf, type ProblemError } from "@countersign/api/problem";
import { invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { EmptyState } from "@countersign/ui/EmptyState";
import { FormDialog } from "@countersign/ui/FormDialog";
import { MenuAction } from "@countersign/ui/MenuAction";
import { toastDone } from "@countersign/ui/toast";
import { ActionIcon, Button, Menu, TextInput } from "@mantine/core";
import { IconDots, IconPencil, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { shareFaults } from "../../field-faults";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import { RemovalDialog } from "../../RemovalDialog";
import classes from "./GroupsList.module.css";

type Group = components["schemas"]["HolderGroup"];

export interface GroupsListProps {
  readonly groups: readonly Group[];
  readonly mayEdit: boolean;
  /** The dialog for a new group is open. */
  readonly adding: boolean;
  readonly onAdding: (open: boolean) => void;
}

/** The agency's groups of holders: made, renamed and taken away here. */
export function GroupsList({ groups, mayEdit, adding, onAdding }: GroupsListProps) {
  const t = useMessages();
  const [renaming, setRenaming] = useState<Group | null>(null);
  const [deleting, setDeleting] = useState<Group | null>(null);
  return (
    <>
      <p className={classes.note}>{t.groups.note}</p>
      {groups.length === 0 ? (
        <EmptyState
          title={t.groups.none}
          {...(mayEdit
            ? { action: <Button onClick={() => onAdding(true)}>{t.groups.add}</Button> }
            : {})}
        >
          {t.groups.noneText}
        </EmptyState>
      ) : (
        <ul className={classes.list} aria-label={t.groups.title}>
          {groups.map((group) => (
            <li key={group.id} className={classes.row}>
              <LinkAnchor {...paths.holderGroup(group.id)}>{group.name}</LinkAnchor>
              <span className={classes.soft}>{t.groups.count(group.holders)}</span>
              <Menu position="bottom-end">
                <Menu.Target>
                  <ActionIcon aria-label={t.groups.actionsOf(group.name)}>
                    <IconDots size={16} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <MenuAction
                    icon={<IconPencil size={16} stroke={1.6} />}
                    reason={group.may.includes("edit") ? null : t.groups.mayNotEdit}
                    onClick={() => setRenaming(group)}
                  >
                    {t.groups.rename}
                  </MenuAction>
                  <MenuAction
                    icon={<IconTrash size={16} stroke={1.6} />}
                    reason={group.may.includes("edit") ? null : t.groups.mayNotEdit}
                    onClick={() => setDeleting(group)}
                  >
                    {t.groups.delete}
                  </MenuAction>
                </Menu.Dropdown>
              </Menu>
            </li>
          ))}
        </ul>
      )}
      {adding ? <NameDialog group={null} onClose={() => onAdding(false)} /> : null}
      {renaming === null ? null : <NameDialog group={renaming} onClose={() => setRenaming(null)} />}
      {deleting === null ? null : (
        <DeleteDialog group={deleting} onClose={() => setDeleting(null)} />
      )}
    </>
  );
}

/** What a new group is called, or one from now on. */
function NameDialog({ group, onClose }: { group: Group | null; onClose: () => void }) {
  const t = useMessages();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [intent] = useState(() => new Intent());
  const [name, setName] = useState(group?.name ?? "");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ProblemError | null>(null);

  async function save() {
    const wanted = name.trim();
    if (wanted === "") {
      setError(t.groups.nameMissing);
      return;
    }
    setBusy(true);
    setProblem(null);
    setError(null);
    try {
      const body = { name: wanted };
      if (group === null) {
        const { data } = await client.POST("/v1/holder-groups", {
          headers: { "Idempotency-Key": intent.key(body) },
          body,
        });
        intent.settle();
        await invalidate(cache, "/v1/holder-groups");
        toastDone(t.groups.created(wanted));
        onClose();
        if (data !== undefined) await navigate(paths.holderGroup(data.id));
      } else {
        await client.PUT("/v1/holder-groups/{group}", {
          params: { path: { group: group.id }, header: ifMatch(group.version) },
          body,
        });
        void invalidate(cache, "/v1/holders");
        await invalidate(cache, "/v1/holder-groups");
        toastDone(t.groups.renamed(wanted));
        onClose();
      }
    } catch (thrown) {
      const trouble = problemOf(thrown);
      intent.settle(trouble);
      const beside = shareFaults(trouble, (field) => field === "name", t).beside["name"];
      if (beside === undefined) setProblem(trouble);
      else setError(beside);
      setBusy(false);
    }
  }

  return (
    <FormDialog
      opened
      onClose={onClose}
      title={group === null ? t.groups.add : t.groups.renaming(group.name)}
      submitLabel={group === null ? t.groups.create : t.groups.rename}
      busy={busy}
      dirty={name.trim() !== (group?.name ?? "")}
      problem={problem === null ? null : { problem }}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void save();
      }}
    >
      <TextInput
        label={t.groups.name}
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value);
          setError(null);
        }}
        error={error}
        autoComplete="off"
        data-autofocus
      />
    </FormDialog>
  );
}

function DeleteDialog({ group, onClose }: { group: Group; onClose: () => void }) {
  const t = useMessages();
  const cache = useQueryClient();
  return (
    <RemovalDialog
      title={t.groups.deleting(group.name)}
      confirmLabel={t.groups.delete}
      onRemove={async () => {
        await client.DELETE("/v1/holder-groups/{group}", {
          params: { path: { group: group.id } },
        });
        void invalidate(cache, "/v1/holders");
        await invalidate(cache, "/v1/holder-groups");
      }}
      done={t.groups.deleted(group.name)}
      onClose={onClose}
    >
      {t.groups.deleteText}
    </RemovalDialog>
  );
}
