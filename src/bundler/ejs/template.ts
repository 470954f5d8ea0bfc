/** EJS templates: rendered text with the template's own lines, or an error at its line. */
import { dirname, join } from "node:path";
import { realpathSync } from "node:fs";
import type { Data, TemplateFunction } from "ejs";

import type { DialectName } from "../../domain/bundle.ts";
import { RowgateError } from "../../domain/errors.ts";
import { isInside } from "../files/inside.ts";
import { moveError } from "../files/move-error.ts";
import { readWholeText, type FilePlace } from "../files/read-text.ts";
import { systemReason } from "../files/system-reason.ts";
import { scalarText, SQL_QUOTES } from "./sql-quotes.ts";
import { templateError } from "./template-error.ts";
import { freeMark, prepareTemplate, readMarks, type RenderedText } from "./template-lines.ts";

export type TemplateValues = Readonly<Record<string, unknown>>;

/** What every template of one tree is rendered with. */
export interface TemplateScope {
  /** The real path of the root of the source. */
  readonly root: string;
  readonly dialect: DialectName;
  readonly values: TemplateValues;
}

type Compile = (template: string, options: Readonly<Record<string, unknown>>) => TemplateFunction;

interface Rendering {
  readonly scope: TemplateScope;
  readonly compile: Compile;
  /** The templates being rendered, outermost first. */
  readonly open: readonly string[];
  /** The first failure, kept because EJS rewrites the message of what passes through it. */
  readonly failed: { error?: RowgateError };
}

/**
 * Renders a template. Its variables are the values of the scope; it has the helpers `ident(name)`,
 * `literal(value)` and `include(path, values)`, whose path is relative to the template.
 *
 * @throws RowgateError `template-failed` at the line of the fault: a variable without value, an
 * undefined or null value in `<%= %>`, an error in its JavaScript; `include-missing`,
 * `include-outside` and `include-cycle` for its includes; `file-unreadable`, `file-encoding`.
 */
export async function renderTemplate(
  place: FilePlace,
  scope: TemplateScope,
): Promise<RenderedText> {
  const { default: ejs } = await import("ejs");
  const template = readWholeText(place);
  const mark = freeMark(template, JSON.stringify(scope.values));
  const rendering: Rendering = { scope, compile: ejs.compile, open: [], failed: {} };
  const marked = render(
    place,
    { template: prepareTemplate(template, mark), values: {} },
    rendering,
  );

  return readMarks(marked, mark);
}

interface Rendered {
  readonly template: string;
  /** What `include` hands over beyond the values of the scope. */
  readonly values: TemplateValues;
}

function render(place: FilePlace, { template, values }: Rendered, outer: Rendering): string {
  const rendering = { ...outer, open: [...outer.open, place.path] };
  const { identifier, literal } = SQL_QUOTES[rendering.scope.dialect];
  const locals: Data = {
    ...rendering.scope.values,
    ...values,
    ident: identifier,
    literal,
    include: (path: string, more: TemplateValues = {}) =>
      include({ place, path }, { ...values, ...more }, rendering),
  };

  try {
    return rendering.compile(template, { filename: place.path, escape: printable })(locals);
  } catch (error) {
    const found = templateError(place.path, readWholeText(place), error);
    const known = rendering.failed.error ?? found;
    // A failed include knows its reason, the template around it the line.
    const failure = known.at === undefined ? moveError(known, { at: found.at }) : known;

    rendering.failed.error = failure;
    throw moveError(failure, {});
  }
}

/** What `<%= %>` writes; a value that is not there must not become an empty string in SQL. */
function printable(value: unknown): string {
  if (value === undefined || value === null) {
    throw new TypeError(`the value is ${String(value)}`);
  }
  if (Array.isArray(value)) {
    return value.map(printable).join(",");
  }
  return scalarText(value) ?? JSON.stringify(value);
}

function include(
  { place, path }: { readonly place: FilePlace; readonly path: string },
  values: TemplateValues,
  rendering: Rendering,
): string {
  try {
    const target = resolveTemplate({ place, path }, rendering);

    return render(
      target,
      { template: prepareTemplate(readWholeText(target), undefined), values },
      rendering,
    );
  } catch (error) {
    if (error instanceof RowgateError) {
      rendering.failed.error ??= moveError(error, {});
    }
    throw error;
  }
}

function resolveTemplate(
  { place, path }: { readonly place: FilePlace; readonly path: string },
  { scope, open }: Rendering,
): FilePlace {
  const wanted = join(dirname(place.path), path).replaceAll("\\", "/");
  const file = realPath(join(scope.root, wanted));

  if (file instanceof Error) {
    throw new RowgateError("include-missing", {
      message: `${place.path} includes the template ${path}, but ${wanted} cannot be read: ${systemReason(file)}`,
      hint: "Write the path relative to the template that includes it.",
    });
  }
  if (!isInside(scope.root, file)) {
    throw new RowgateError("include-outside", {
      message: `${place.path} includes the template ${path}, which lies outside the source`,
      hint: "Move the template into the source.",
    });
  }
  if (open.includes(wanted)) {
    throw new RowgateError("include-cycle", {
      message: `templates include each other: ${[...open, wanted].join(" -> ")}`,
      hint: "Remove one of these includes.",
    });
  }
  return { file, path: wanted };
}

function realPath(file: string): string | Error {
  try {
    return realpathSync(file);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
