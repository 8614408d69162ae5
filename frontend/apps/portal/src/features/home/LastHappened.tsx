import type { components } from "@countersign/api/schema";
import { CertificateLines } from "../../CertificateLines";
import { LinkAnchor } from "../../LinkAnchor";
import { useMessages } from "../../messages/MessagesProvider";
import { Part } from "../../Part";
import { paths } from "../../paths";

const SHOWN = 4;

export interface LastHappenedProps {
  readonly certificates: readonly components["schemas"]["CertificateRow"][];
}

export function LastHappened({ certificates }: LastHappenedProps) {
  const t = useMessages();
  return (
    <Part
      title={t.home.last}
      action={
        certificates.length === 0 ? null : (
          <LinkAnchor {...paths.certificates()}>{t.home.all}</LinkAnchor>
        )
      }
    >
      {certificates.length === 0 ? (
        <p>{t.home.nothingYet}</p>
      ) : (
        <CertificateLines label={t.home.last} rows={certificates.slice(0, SHOWN)} />
      )}
    </Part>
  );
}
