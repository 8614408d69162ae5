import { problemOf } from "@countersign/api/problem";
import { api } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { Loading } from "@countersign/ui/Loading";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Skeleton } from "@mantine/core";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./NoticeDialog.module.css";

export interface NoticePreviewProps {
  readonly policy: string;
  readonly holder: components["schemas"]["PolicyHolder"];
}

/** The words of the notice to one holder, as the mail carries them. */
export function NoticePreview({ policy, holder }: NoticePreviewProps) {
  const t = useMessages();
  const n = t.notices;
  const words = api.useQuery("get", "/v1/policies/{policy}/courtesy-notices/preview", {
    params: { path: { policy }, query: { holder_id: holder.id } },
  });
  if (words.error !== null && words.data === undefined) {
    return <ProblemAlert problem={problemOf(words.error)} onRetry={() => void words.refetch()} />;
  }
  if (words.data === undefined)
    return (
      <Loading>
        <Skeleton height={120} />
      </Loading>
    );
  const { subject, opening, facts, disclaimers, closing } = words.data;
  return (
    <section aria-label={n.preview}>
      <div className={classes.head}>
        <h3 className={classes.title}>{n.preview}</h3>
        <span className={classes.soft}>{n.previewOf(holder.name)}</span>
      </div>
      <div className={classes.letter}>
        <p className={classes.subject}>{subject}</p>
        <p>{opening}</p>
        <dl className={classes.facts}>
          {facts.map((fact) => (
            <div key={fact.label}>
              <dt>{fact.label}</dt>
              <dd>{fact.value}</dd>
            </div>
          ))}
        </dl>
        {disclaimers.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <p>{closing}</p>
      </div>
    </section>
  );
}
