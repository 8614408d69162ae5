import { api, invalidate } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { batchQuery } from "../../batch";
import { paceOf, readProgress, type Sample, withSample } from "./batch-progress";

type Batch = components["schemas"]["Batch"];

/** How often a batch is asked for while nothing tells of it. */
const SOON = 2_000;

export function hasEnded(batch: Pick<Batch, "state">): boolean {
  return batch.state === "finished" || batch.state === "cancelled";
}

/**
 * A batch that is followed while it goes on: the server tells how far it is, and where its stream
 * breaks the page asks instead, until the stream is there again.
 */
export function useBatch(id: string): { readonly batch: Batch; readonly pace: number | null } {
  const cache = useQueryClient();
  /** Rows a second; null while nothing is known of it. */
  const [pace, setPace] = useState<number | null>(null);
  const [silent, setSilent] = useState(false);
  const { data: batch } = api.useSuspenseQuery(
    "get",
    "/v1/batches/{batch}",
    { params: { path: { batch: id } } },
    {
      refetchInterval: ({ state }) =>
        silent && state.data !== undefined && !hasEnded(state.data) ? SOON : false,
    },
  );
  const ended = hasEnded(batch);
  useEffect(() => {
    const refresh = () => void invalidate(cache, "/v1/batches/{batch}", { batch: id });
    if (ended) {
      // The rows may have been read before it ended, and nothing will tell of them any more.
      refresh();
      return;
    }
    let samples: readonly Sample[] = [];
    const stream = new EventSource(`/v1/batches/${id}/events`);
    stream.addEventListener("open", () => setSilent(false));
    stream.addEventListener("error", () => setSilent(true));
    stream.addEventListener("progress", (event) => {
      const progress = readProgress(event.data);
      if (progress === null) return;
      const { state, counts } = progress;
      const sample = { at: event.timeStamp, done: counts.total - counts.waiting };
      samples = state === "running" ? withSample(samples, sample) : [];
      setPace(paceOf(samples));
      cache.setQueryData<Batch>(batchQuery(id).queryKey, (last) =>
        last === undefined ? last : { ...last, ...progress },
      );
      refresh();
    });
    stream.addEventListener("end", () => {
      stream.close();
      refresh();
      void invalidate(cache, "/v1/certificates");
    });
    return () => stream.close();
  }, [cache, id, ended]);
  return { batch, pace };
}
