import { createFileRoute } from "@tanstack/react-router";
import { NewImport } from "../../../../features/imports/NewImport";

export const Route = createFileRoute("/_signed-in/settings/import/new")({ component: NewImport });
