import { Loading } from "@countersign/ui/Loading";
import { Skeleton } from "@mantine/core";
import classes from "./Waiting.module.css";

/** The shape of a page whose content is on its way. */
export function Waiting() {
  return (
    <Loading className={classes.page}>
      <Skeleton height={14} width={120} mb={12} />
      <Skeleton height={24} width="min(320px, 70%)" mb={28} />
      <Skeleton height={320} />
    </Loading>
  );
}
