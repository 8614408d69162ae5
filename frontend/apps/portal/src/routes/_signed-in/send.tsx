import { api } from "@countersign/api/query";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createFileRoute, useRouter } from "@tanstack/react-router";
import { SendCertificate } from "../../features/send/SendCertificate";
import { paths, type Step } from "../../paths";
import { oneOf, present, textParam } from "../../search-params";
import { insuredOf, useInsured } from "../../session";

const STEPS = ["what", "look", "who"] as const satisfies readonly Step[];

function mastersQuery(insured: string) {
  return api.queryOptions("get", "/v1/insureds/{insured}/masters", {
    params: { path: { insured } },
  });
}

function holdersQuery(insured: string) {
  return api.queryOptions("get", "/v1/insureds/{insured}/holders", {
    params: { path: { insured } },
  });
}

export const Route = createFileRoute("/_signed-in/send")({
  validateSearch: (search: Record<string, unknown>) =>
    present({
      master: textParam(search["master"]),
      holder: textParam(search["holder"]),
      step: oneOf(STEPS, search["step"]),
    }),
  loader: ({ context }) => {
    const { id } = insuredOf(context.session);
    return Promise.all([
      context.cache.query(mastersQuery(id)),
      context.cache.query(holdersQuery(id)),
    ]);
  },
  component: Send,
});

function Send() {
  const { id } = useInsured();
  const router = useRouter();
  const navigate = Route.useNavigate();
  const { master, holder, step = "what" } = Route.useSearch();
  const masters = useSuspenseQuery(mastersQuery(id)).data.data;
  const holders = useSuspenseQuery(holdersQuery(id)).data.data;
  return (
    <SendCertificate
      masters={masters}
      holders={holders}
      step={step}
      start={{ master, holder }}
      onStep={(next) => void navigate({ search: { step: next } })}
      onBack={() => {
        if (router.history.canGoBack()) router.history.back();
        else void navigate({ search: step === "who" ? { step: "look" } : {} });
      }}
      onSent={(certificate) =>
        void navigate({ ...paths.certificateSent(certificate), replace: true })
      }
    />
  );
}
