import { api } from "@countersign/api/query";
import { FormDialog } from "@countersign/ui/FormDialog";
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useMessages } from "../../messages/MessagesProvider";
import { paths } from "../../paths";

export interface SendManyDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** What the library is searched for, to go on with. */
  readonly find: string | undefined;
}

/** Whose cover the certificates show, for a sending that begins in the library of holders. */
export function SendManyDialog({ opened, onClose, find }: SendManyDialogProps) {
  const t = useMessages();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [insured, setInsured] = useState<string | null>(null);
  const [asked] = useDebouncedValue(typed.trim(), 180);
  const found = api.useQuery(
    "get",
    "/v1/insureds",
    { params: { query: { limit: 20, ...(asked === "" ? {} : { q: asked }) } } },
    { enabled: opened, placeholderData: keepPreviousData },
  );
  return (
    <FormDialog
      opened={opened}
      onClose={onClose}
      onSubmit={(event) => {
        event.preventDefault();
        if (insured !== null) {
          void navigate(paths.sendMany(insured, find === undefined ? {} : { find }));
        }
      }}
      title={t.batches.forWhom}
      submitLabel={t.batches.goOn}
      disabled={insured === null}
    >
      <Select
        label={t.batches.insured}
        description={t.batches.forWhomText}
        placeholder={t.batches.insuredHint}
        searchable
        searchValue={typed}
        onSearchChange={setTyped}
        data={(found.data?.data ?? []).map((each) => ({ value: each.id, label: each.name }))}
        // The server searches.
        filter={({ options }) => options}
        value={insured}
        onChange={setInsured}
        nothingFoundMessage={t.batches.insuredNone}
        data-autofocus
      />
    </FormDialog>
  );
}
