/** The EJS templates of PostgreSQL. */
import { templatesOf, type Render } from "../template.ts";
import { literal } from "./quoting.ts";

export type TemplateName =
  | "begin"
  | "claim"
  | "copy"
  | "definitions"
  | "deploy"
  | "finish"
  | "header"
  | "objects"
  | "receipt"
  | "statement"
  | "step"
  | "wait";

/** Loads a template; its function takes the template's variables and knows `literal` besides. */
export const loadTemplate: (name: TemplateName) => Promise<Render> = templatesOf("postgres", {
  literal,
});
