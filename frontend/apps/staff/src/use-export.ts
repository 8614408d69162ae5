import { problemOf } from "@countersign/api/problem";
import { saveFile } from "@countersign/ui/save-file";
import { toastProblem } from "@countersign/ui/toast";
import { useState } from "react";

/** Fetches a file and hands it to the browser's downloads; one at a time. */
export function useExport(name: string, fetch: () => Promise<Blob | undefined>) {
  const [busy, setBusy] = useState(false);
  async function start() {
    setBusy(true);
    try {
      const file = await fetch();
      if (file === undefined) throw new Error("the server answered an export without a file");
      saveFile(file, name);
    } catch (thrown) {
      toastProblem(problemOf(thrown));
    } finally {
      setBusy(false);
    }
  }
  return { busy, start: () => void start() };
}
