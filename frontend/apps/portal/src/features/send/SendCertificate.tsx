import type { components } from "@countersign/api/schema";
import { EmptyState } from "@countersign/ui/EmptyState";
import { useState } from "react";
import { CallAgency } from "../../CallAgency";
import { useMessages } from "../../messages/MessagesProvider";
import type { Step } from "../../paths";
import { Screen } from "../../Screen";
import { useSession } from "../../session";
import { type Draft, holderName, printOf, recipientsOf, type UsedHolder } from "./draft";
import { StepLook } from "./StepLook";
import { StepWhat } from "./StepWhat";
import { StepWho } from "./StepWho";
import { useDraft } from "./use-draft";

export interface SendCertificateProps {
  readonly masters: readonly components["schemas"]["Master"][];
  readonly holders: readonly UsedHolder[];
  readonly step: Step;
  /** Chosen by the link that led here. */
  readonly start: { readonly master?: string | undefined; readonly holder?: string | undefined };
  readonly onStep: (step: Step) => void;
  readonly onBack: () => void;
  readonly onSent: (certificate: string) => void;
}

/** Three steps: what and for whom, look, who receives it. */
export function SendCertificate({
  masters,
  holders,
  step,
  start,
  onStep,
  onBack,
  onSent,
}: SendCertificateProps) {
  const t = useMessages();
  const { user, agency } = useSession();
  const [given] = useState<Partial<Draft>>(() => {
    const only = masters.length === 1 ? masters[0]?.id : undefined;
    const master = start.master ?? only;
    return {
      ...(master === undefined ? {} : { master }),
      ...(start.holder === undefined ? {} : { holder: start.holder, someoneNew: false, to: null }),
    };
  });
  const { draft: entered, change, forget } = useDraft(user.id, given);
  // What the agency took back meanwhile is not chosen any more.
  const draft: Draft = {
    ...entered,
    master: masters.some((master) => master.id === entered.master) ? entered.master : null,
    holder: holders.some((holder) => holder.id === entered.holder) ? entered.holder : null,
    someoneNew: entered.someoneNew || holders.length === 0,
  };
  const holder = holders.find((each) => each.id === draft.holder);
  const name = holderName(draft, holder);
  const print = printOf(draft);
  const at: Step = print === null ? "what" : step;

  if (masters.length === 0) {
    return (
      <Screen title={t.send.title}>
        <EmptyState title={t.send.what.noMasters} action={<CallAgency agency={agency} primary />}>
          {t.send.what.noMastersText(agency.name)}
        </EmptyState>
      </Screen>
    );
  }
  if (print === null || at === "what") {
    return (
      <Screen key="what" title={t.send.what.title} over={t.send.step(1, 3)}>
        <StepWhat
          masters={masters}
          holders={holders}
          draft={draft}
          onChange={change}
          onNext={() => onStep("look")}
        />
      </Screen>
    );
  }
  if (at === "look") {
    return (
      <Screen
        key="look"
        wide
        title={t.send.look.title}
        over={t.send.step(2, 3)}
        intro={t.send.look.text(name)}
      >
        <StepLook print={print} holder={name} onBack={onBack} onNext={() => onStep("who")} />
      </Screen>
    );
  }
  return (
    <Screen key="who" title={t.send.who.title} over={t.send.step(3, 3)}>
      <StepWho
        print={print}
        draft={draft}
        to={recipientsOf(draft, holder)}
        holder={name}
        onChange={change}
        onBack={onBack}
        onSent={(certificate) => {
          forget();
          onSent(certificate);
        }}
      />
    </Screen>
  );
}
