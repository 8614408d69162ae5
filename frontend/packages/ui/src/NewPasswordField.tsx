import { PasswordInput } from "@mantine/core";
import { IconCheck, IconCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useWords } from "./UiProvider";
import classes from "./NewPasswordField.module.css";

export interface PasswordRule {
  readonly text: string;
  /** Whether it can be told here; what only the server knows is stated without a mark. */
  readonly met: boolean | null;
}

export interface NewPasswordFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (password: string) => void;
  readonly rules: readonly PasswordRule[];
  readonly error?: ReactNode;
  readonly size?: "md" | "lg";
}

/** A new password with its rules in view while it is typed; pasting is welcome. */
export function NewPasswordField({
  label,
  value,
  onChange,
  rules,
  error,
  size,
}: NewPasswordFieldProps) {
  const words = useWords();
  return (
    <div>
      <PasswordInput
        label={label}
        {...(size === undefined ? {} : { size })}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        autoComplete="new-password"
        error={error}
        aria-invalid={Boolean(error)}
        required
        withAsterisk={false}
        visibilityToggleButtonProps={{ "aria-label": words.showPassword, tabIndex: 0 }}
        data-autofocus
      />
      <ul className={classes.rules}>
        {rules.map((rule) => (
          <li key={rule.text} className={classes.rule} data-met={rule.met === true || undefined}>
            {rule.met === true ? (
              <IconCheck size={14} stroke={2.4} aria-hidden />
            ) : (
              <IconCircle size={14} aria-hidden />
            )}
            {rule.text}
          </li>
        ))}
      </ul>
    </div>
  );
}
