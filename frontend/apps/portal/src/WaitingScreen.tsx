import { Loading } from "@countersign/ui/Loading";
import { Skeleton } from "@mantine/core";
import classes from "./Screen.module.css";

/** The shape of a page whose content is on its way. */
export function WaitingScreen() {
  return (
    <Loading className={classes.screen}>
      <Skeleton height={30} width="55%" mb={26} />
      <Skeleton height={74} mb={12} />
      <Skeleton height={74} mb={12} />
      <Skeleton height={74} />
    </Loading>
  );
}
