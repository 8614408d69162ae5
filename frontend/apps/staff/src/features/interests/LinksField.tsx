import type { components } from "@countersign/api/schema";
import { useFormat } from "@countersign/ui/UiProvider";
import { Checkbox, Input } from "@mantine/core";
import type { ReactNode } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import classes from "./InterestForm.module.css";

type Policy = components["schemas"]["Policy"];

interface Links {
  readonly policies: string[];
  readonly endorsements: string[];
}

export interface LinksFieldProps extends Links {
  readonly all: readonly Policy[];
  readonly onChange: (links: Links) => void;
  readonly error: ReactNode;
}

/** The policies that an interest is written on, and below each chosen one its forms. */
export function LinksField({ all, policies, endorsements, onChange, error }: LinksFieldProps) {
  const t = useMessages();
  const i = t.interests;
  const format = useFormat();
  // Terms that are over only where they are linked already.
  const shown = all.filter((policy) => policy.state !== "expired" || policies.includes(policy.id));
  if (shown.length === 0) return <p className={classes.soft}>{i.noPolicies}</p>;

  function choosePolicy(policy: Policy, chosen: boolean) {
    const own = new Set(policy.endorsements.map((form) => form.id));
    onChange({
      policies: chosen ? [...policies, policy.id] : policies.filter((each) => each !== policy.id),
      endorsements: chosen ? endorsements : endorsements.filter((each) => !own.has(each)),
    });
  }

  return (
    <div role="group" aria-label={i.policies}>
      {error ? (
        <Input.Error role="alert" mb={8}>
          {error}
        </Input.Error>
      ) : null}
      <ul className={classes.links}>
        {shown.map((policy) => (
          <li key={policy.id}>
            <Checkbox
              label={i.policyOption(
                policy.number,
                t.lines.short[policy.line],
                format.date(policy.effective_on),
                format.date(policy.expires_on),
              )}
              checked={policies.includes(policy.id)}
              onChange={(event) => choosePolicy(policy, event.currentTarget.checked)}
            />
            {policies.includes(policy.id) && policy.endorsements.length > 0 ? (
              <ul className={classes.forms}>
                {policy.endorsements.map((form) => (
                  <li key={form.id}>
                    <Checkbox
                      label={i.formOption(form.form_number, form.edition, form.title)}
                      checked={endorsements.includes(form.id)}
                      onChange={(event) =>
                        onChange({
                          policies,
                          endorsements: event.currentTarget.checked
                            ? [...endorsements, form.id]
                            : endorsements.filter((each) => each !== form.id),
                        })
                      }
                    />
                  </li>
                ))}
              </ul>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  );
}
