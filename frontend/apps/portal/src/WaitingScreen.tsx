import { useWords } from "@countersign/ui/UiProvider";
import { Skeleton } from "@mantine/core";
import classes from "./Screen.module.css";

/** The shape of a page whose content is on its way. */
export function WaitingScreen() {
  const words = useWords();
  return (
    <div className={classes.screen} role="status" aria-busy="true" aria-label={words.loading}>
      <Skeleton height={30} width="55%" mb={26} />
      <Skeleton height={74} mb={12} />
      <Skeleton height={74} mb={12} />
      <Skeleton height={74} />
    </div>
  );
}
