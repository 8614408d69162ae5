import { Page } from "@countersign/ui/Page";
import { useFormat } from "@countersign/ui/UiProvider";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, Outlet } from "@tanstack/react-router";
import { insuredQuery } from "../../../insured";
import { LinkAnchor } from "../../../LinkAnchor";
import { useMessages } from "../../../messages/MessagesProvider";
import { paths } from "../../../paths";
import { PortalBadge } from "../../../PortalBadge";
import { ProfileActions } from "./-ProfileActions";
import { ProfileTabs } from "./-ProfileTabs";

export const Route = createFileRoute("/_signed-in/insureds/$insured")({
  loader: ({ context, params }) => context.cache.query(insuredQuery(params.insured)),
  component: Profile,
});

function Profile() {
  const t = useMessages();
  const format = useFormat();
  const { insured: id } = Route.useParams();
  const insured = useSuspenseQuery(insuredQuery(id)).data;
  const account = insured.portal_user;
  return (
    <Page
      title={insured.name}
      product={t.product}
      trail={<LinkAnchor {...paths.insureds()}>{t.insureds.title}</LinkAnchor>}
      facts={
        <>
          <span>
            {[
              t.insureds.kinds[insured.kind],
              `${insured.address.city}, ${insured.address.state}`,
              insured.customer_since ? t.insureds.since(insured.customer_since.slice(0, 4)) : null,
            ]
              .filter((part) => part !== null)
              .join(" · ")}
          </span>
          {account ? (
            <span>
              {t.insureds.portal}: <PortalBadge state={account.state} />
              {account.state === "active"
                ? ` · ${t.insureds.portalFact(account.last_sign_in_at ? format.ago(account.last_sign_in_at) : null)}`
                : ""}
            </span>
          ) : null}
        </>
      }
      actions={<ProfileActions insured={insured} />}
      tabs={<ProfileTabs insured={insured.id} />}
    >
      <Outlet />
    </Page>
  );
}
