/** The EJS templates of MySQL and MariaDB. */
import { templatesOf, type Render } from "../template.ts";
import { literal } from "./quoting.ts";

export type TemplateName =
  | "checks"
  | "chunk"
  | "close"
  | "header"
  | "helpers"
  | "mark"
  | "open"
  | "tables";

/** Loads a template; its function takes the template's variables and knows `literal` besides. */
export const loadTemplate: (name: TemplateName) => Promise<Render> = templatesOf("mysql", {
  literal,
});
