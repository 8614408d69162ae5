import { api } from "@countersign/api/query";
import { createFileRoute } from "@tanstack/react-router";
import { ImportPage } from "../../../../features/imports/ImportPage";

export const Route = createFileRoute("/_signed-in/settings/import/$import")({
  loader: ({ context, params }) =>
    context.cache.query(
      api.queryOptions("get", "/v1/imports/{import}", { params: { path: params } }),
    ),
  component: ImportRoute,
});

function ImportRoute() {
  return <ImportPage id={Route.useParams().import} />;
}
