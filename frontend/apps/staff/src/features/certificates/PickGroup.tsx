import { client } from "@countersign/api/client";
import { problemOf } from "@countersign/api/problem";
import { api } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Select, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Fragment, type ReactNode, useState } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./PickHolders.module.css";

type Holder = components["schemas"]["Holder"];

export interface PickGroupProps {
  /** Shows the holders of the chosen group. */
  readonly children: (holders: readonly Holder[]) => ReactNode;
}

/** All holders of a group; which of them one sending takes is chosen afterwards. */
async function membersOf(group: string, signal: AbortSignal): Promise<readonly Holder[]> {
  const members: Holder[] = [];
  let cursor: string | null | undefined;
  do {
    const { data } = await client.GET("/v1/holders", {
      params: { query: { group, limit: 200, ...(cursor ? { cursor } : {}) } },
      signal,
    });
    if (data === undefined) throw new Error("the server answered a list without rows");
    members.push(...data.data);
    cursor = data.page.next_cursor;
  } while (cursor);
  return members;
}

/** Holders that the agency has gathered in a group. */
export function PickGroup({ children }: PickGroupProps) {
  const t = useMessages();
  const groups = api.useQuery("get", "/v1/holder-groups");
  const [group, setGroup] = useState<string | null>(null);
  const members = useQuery({
    // Below the list of holders, so that a change of the library is a change of this.
    queryKey: ["get", "/v1/holders", "of a group", group],
    queryFn: ({ signal }) => membersOf(group ?? "", signal),
    enabled: group !== null,
  });
  if (groups.data?.data.length === 0) {
    return (
      <p className={classes.note}>
        {t.batches.groupsNone} <LinkAnchor {...paths.holderGroups()}>{t.groups.title}</LinkAnchor>
      </p>
    );
  }
  const problem = groups.error ?? members.error;
  return (
    <>
      <Select
        aria-label={t.groups.group}
        placeholder={t.groups.joinGroupHint}
        data={(groups.data?.data ?? []).map((each) => ({
          value: each.id,
          label: `${each.name} (${t.groups.count(each.holders)})`,
        }))}
        value={group}
        onChange={setGroup}
        searchable
      />
      {problem === null ? null : (
        <ProblemAlert
          problem={problemOf(problem)}
          onRetry={() => {
            void groups.refetch();
            if (group !== null) void members.refetch();
          }}
        />
      )}
      {group === null || members.error !== null ? null : members.data === undefined ? (
        <Loading>
          <Skeleton height={90} />
        </Loading>
      ) : members.data.length === 0 ? (
        <p className={classes.note}>{t.groups.noMembers}</p>
      ) : (
        <Fragment key={group}>{children(members.data)}</Fragment>
      )}
    </>
  );
}
