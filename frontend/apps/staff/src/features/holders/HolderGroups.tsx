import { client } from "@countersign/api/client";
import { problemOf } from "@countersign/api/problem";
import { api, invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { Section } from "@countersign/ui/Section";
import { toastProblem } from "@countersign/ui/toast";
import { ActionIcon, Select } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./HolderProfile.module.css";

export interface HolderGroupsProps {
  readonly holder: components["schemas"]["HolderDetail"];
}

/** The groups that a holder is in; it joins and leaves them at once. */
export function HolderGroups({ holder }: HolderGroupsProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const all = api.useQuery("get", "/v1/holder-groups").data?.data ?? [];
  const [busy, setBusy] = useState(false);
  const mayEdit = holder.may.includes("edit") && holder.merged_into == null;
  const others = all.filter((group) => holder.groups.every((own) => own.id !== group.id));

  async function change(group: string, body: { add?: string[]; remove?: string[] }) {
    setBusy(true);
    try {
      await client.PUT("/v1/holder-groups/{group}/holders", {
        params: { path: { group } },
        body: { add: [], remove: [], ...body },
      });
      void invalidate(cache, "/v1/holder-groups");
      await invalidate(cache, "/v1/holders");
    } catch (thrown) {
      toastProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Section title={t.groups.inGroups}>
      {holder.groups.length === 0 ? (
        <p className={classes.none}>{t.groups.inNone}</p>
      ) : (
        <ul className={classes.list}>
          {holder.groups.map((group) => (
            <li key={group.id} className={classes.row}>
              <LinkAnchor {...paths.holderGroup(group.id)}>{group.name}</LinkAnchor>
              {mayEdit ? (
                <ActionIcon
                  aria-label={t.groups.leaveGroup(group.name)}
                  disabled={busy}
                  onClick={() => void change(group.id, { remove: [holder.id] })}
                >
                  <IconX size={15} />
                </ActionIcon>
              ) : null}
            </li>
          ))}
        </ul>
      )}
      {mayEdit && others.length > 0 ? (
        <Select
          mt={10}
          aria-label={t.groups.joinGroup}
          placeholder={t.groups.joinGroup}
          data={others.map((group) => ({ value: group.id, label: group.name }))}
          value={null}
          onChange={(group) => {
            if (group !== null) void change(group, { add: [holder.id] });
          }}
          disabled={busy}
          searchable
        />
      ) : null}
    </Section>
  );
}
