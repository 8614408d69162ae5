import { api } from "@countersign/api/query";
import type { components } from "@countersign/api/schema";
import { Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";

type Insurer = components["schemas"]["PolicyTerms"]["insurer"];

const ANOTHER = "another";

export interface InsurerFieldProps {
  readonly value: Insurer;
  readonly onChange: (insurer: Insurer) => void;
  readonly errors: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
}

/** The writing company: one that is on file, or another one by its NAIC code and its name. */
export function InsurerField({ value, onChange, errors, readOnly }: InsurerFieldProps) {
  const t = useMessages();
  const [another, setAnother] = useState(false);
  const [typed, setTyped] = useState("");
  const [asked] = useDebouncedValue(typed.trim(), 180);
  const found = api.useQuery(
    "get",
    "/v1/carriers",
    { params: { query: { ...(asked === "" ? {} : { q: asked }), limit: 50 } } },
    { placeholderData: keepPreviousData, enabled: !readOnly },
  );
  const known = found.data?.data ?? [];
  const label = (insurer: Insurer) => `${insurer.name} · ${t.policies.naic(insurer.naic)}`;
  const options = known.map((each) => ({ value: each.naic, label: label(each) }));
  if (!another && value.naic !== "" && !options.some((each) => each.value === value.naic)) {
    options.unshift({ value: value.naic, label: label(value) });
  }
  const wide = { gridColumn: "1 / -1" };
  return (
    <>
      <Select
        style={wide}
        label={t.policies.carrier}
        description={t.policies.carrierHint}
        data={[...options, { value: ANOTHER, label: t.policies.anotherCarrier }]}
        filter={({ options: all }) => all}
        value={another ? ANOTHER : value.naic}
        onChange={(chosen) => {
          if (chosen === null) return;
          setAnother(chosen === ANOTHER);
          const insurer = known.find((each) => each.naic === chosen);
          if (chosen === ANOTHER) onChange({ naic: "", name: "" });
          else if (insurer !== undefined) onChange({ naic: insurer.naic, name: insurer.name });
        }}
        onSearchChange={(text) => setTyped(options.some((each) => each.label === text) ? "" : text)}
        error={another ? undefined : (errors["insurer.naic"] ?? errors["insurer.name"])}
        nothingFoundMessage={t.policies.noCarrier}
        searchable
        allowDeselect={false}
        readOnly={readOnly}
      />
      {another ? (
        <>
          <TextInput
            label={t.policies.naicLabel}
            value={value.naic}
            onChange={(event) => onChange({ ...value, naic: event.currentTarget.value })}
            error={errors["insurer.naic"]}
            inputMode="numeric"
            autoComplete="off"
          />
          <TextInput
            label={t.policies.carrierName}
            value={value.name}
            onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
            error={errors["insurer.name"]}
            autoComplete="off"
          />
        </>
      ) : null}
    </>
  );
}
