import { client } from "@countersign/api/client";
import { problemOf } from "@countersign/api/problem";
import { api, byCursor, invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { EmptyState } from "@countersign/ui/EmptyState";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { toastDone, toastProblem } from "@countersign/ui/toast";
import { Button, Select, Skeleton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";
import classes from "./GroupsList.module.css";

type Holder = components["schemas"]["Holder"];

export interface GroupMembersProps {
  readonly group: components["schemas"]["HolderGroup"];
}

/** Who is in a group; holders join and leave it at once. */
export function GroupMembers({ group }: GroupMembersProps) {
  const t = useMessages();
  const cache = useQueryClient();
  const mayEdit = group.may.includes("edit");
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [asked] = useDebouncedValue(typed.trim(), 180);
  const list = api.useInfiniteQuery(
    "get",
    "/v1/holders",
    { params: { query: { limit: 50, group: group.id } } },
    byCursor,
  );
  const found = api.useQuery(
    "get",
    "/v1/holders",
    { params: { query: { q: asked, limit: 20 } } },
    { enabled: mayEdit && asked.length >= 2, placeholderData: keepPreviousData },
  );
  const members = list.data?.pages.flatMap((page) => page.data);
  const inside = new Set(members?.map((each) => each.id));
  const others =
    asked.length < 2 ? [] : (found.data?.data ?? []).filter((each) => !inside.has(each.id));

  async function change(holder: Holder, joins: boolean) {
    setBusy(true);
    try {
      await client.PUT("/v1/holder-groups/{group}/holders", {
        params: { path: { group: group.id } },
        body: { add: joins ? [holder.id] : [], remove: joins ? [] : [holder.id] },
      });
      setTyped("");
      void invalidate(cache, "/v1/holder-groups");
      await invalidate(cache, "/v1/holders");
      toastDone(joins ? t.groups.joined(holder.name) : t.groups.left(holder.name));
    } catch (thrown) {
      toastProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      {mayEdit ? (
        <Select
          className={classes.join ?? ""}
          label={t.groups.join}
          placeholder={t.groups.joinHint}
          searchable
          searchValue={typed}
          onSearchChange={setTyped}
          data={others.map((each) => ({
            value: each.id,
            label: `${each.name}, ${each.address.city}`,
          }))}
          // The server has searched, also among other names.
          filter={({ options }) => options}
          value={null}
          onChange={(id) => {
            const holder = others.find((each) => each.id === id);
            if (holder !== undefined) void change(holder, true);
          }}
          nothingFoundMessage={asked.length < 2 ? t.groups.joinHint : t.groups.joinNone}
          disabled={busy}
        />
      ) : null}
      {list.error === null ? null : (
        <ProblemAlert problem={problemOf(list.error)} onRetry={() => void list.refetch()} />
      )}
      {members === undefined ? (
        list.error === null ? (
          <Loading>
            <Skeleton height={140} />
          </Loading>
        ) : null
      ) : members.length === 0 ? (
        <EmptyState title={t.groups.noMembers}>
          {mayEdit ? t.groups.noMembersText : null}
        </EmptyState>
      ) : (
        <ul className={classes.list} aria-label={t.groups.members}>
          {members.map((each) => (
            <li key={each.id} className={classes.row}>
              <LinkAnchor {...paths.holder(each.id)}>{each.name}</LinkAnchor>
              <span className={classes.soft}>
                {each.address.city}, {each.address.state}
              </span>
              {mayEdit ? (
                <Button
                  variant="subtle"
                  color="gray"
                  size="compact-sm"
                  aria-label={t.groups.takeOut(each.name)}
                  disabled={busy}
                  onClick={() => void change(each, false)}
                >
                  {t.groups.take}
                </Button>
              ) : (
                <span />
              )}
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage ? (
        <Button
          className={classes.more ?? ""}
          variant="default"
          size="compact-sm"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t.groups.more}
        </Button>
      ) : null}
    </>
  );
}
