import { problemOf } from "@countersign/api/problem";
import { api } from "@countersign/api/query";
import { Loading } from "@countersign/ui/Loading";
import { Page } from "@countersign/ui/Page";
import { ProblemAlert } from "@countersign/ui/ProblemAlert";
import { Skeleton } from "@mantine/core";
import { createFileRoute } from "@tanstack/react-router";
import { RecentCertificates } from "../../features/certificates/RecentCertificates";
import { ToDo } from "../../features/certificates/ToDo";
import { Counts } from "../../features/home/Counts";
import { Expiring } from "../../features/home/Expiring";
import { useMessages } from "../../messages/MessagesProvider";
import { useMay } from "../../session";
import classes from "./home.module.css";

export const Route = createFileRoute("/_signed-in/")({ component: Home });

function Home() {
  const t = useMessages();
  const may = useMay();
  const home = api.useQuery("get", "/v1/home");
  return (
    <Page title={t.home.title} product={t.product}>
      {home.error === null ? null : (
        <ProblemAlert problem={problemOf(home.error)} onRetry={() => void home.refetch()} />
      )}
      {home.data === undefined ? (
        home.error === null ? (
          <Loading>
            <Skeleton height={320} />
          </Loading>
        ) : null
      ) : (
        <>
          <Counts home={home.data} />
          {may("view_certificates") ? <ToDo /> : null}
          <div className={classes.columns}>
            <Expiring policies={home.data.expiring} />
            <RecentCertificates rows={home.data.recent_certificates} />
          </div>
        </>
      )}
    </Page>
  );
}
