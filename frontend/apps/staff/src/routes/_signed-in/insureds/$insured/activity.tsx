import { createFileRoute, useNavigate } from "@tanstack/react-router";
import { readActivityFilter } from "../../../../activity-filter";
import { ActivityHistory } from "../../../../features/activity/ActivityHistory";
import { paths } from "../../../../paths";

export const Route = createFileRoute("/_signed-in/insureds/$insured/activity")({
  validateSearch: (search) => readActivityFilter(search),
  component: Activity,
});

function Activity() {
  const { insured } = Route.useParams();
  const filter = Route.useSearch();
  const navigate = useNavigate();
  return (
    <ActivityHistory
      insured={insured}
      filter={filter}
      onFilter={(next) =>
        void navigate({
          ...paths.activity(insured),
          search: readActivityFilter({ ...next }),
          replace: true,
        })
      }
    />
  );
}
