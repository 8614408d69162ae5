import { createFileRoute } from "@tanstack/react-router";
import { ImportsList } from "../../../../features/imports/ImportsList";

export const Route = createFileRoute("/_signed-in/settings/import/")({ component: ImportsList });
