import { IconUpload } from "@tabler/icons-react";
import { type DragEvent, type ReactNode, useId, useState } from "react";
import classes from "./FileDrop.module.css";

export interface FileDropProps {
  readonly title: string;
  readonly hint: ReactNode;
  readonly accept: string;
  readonly onFiles: (files: File[]) => void;
  readonly disabled?: boolean;
  /** Whether several may be chosen at once. */
  readonly multiple?: boolean;
}

/** A place to drop files that is also a button to choose them. */
export function FileDrop({
  title,
  hint,
  accept,
  onFiles,
  disabled = false,
  multiple = true,
}: FileDropProps) {
  const id = useId();
  const [over, setOver] = useState(false);

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    if (!disabled) onFiles([...event.dataTransfer.files]);
  }

  return (
    // Dropping is a shortcut for those who can; the input inside takes keyboard and clicks.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <label
      htmlFor={id}
      className={classes.drop}
      data-over={over || undefined}
      data-disabled={disabled || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <IconUpload size={22} stroke={1.5} aria-hidden />
      <span className={classes.title}>{title}</span>
      <span className={classes.hint}>{hint}</span>
      <input
        id={id}
        type="file"
        multiple={multiple}
        accept={accept}
        disabled={disabled}
        className={classes.input}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </label>
  );
}
