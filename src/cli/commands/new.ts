/** `rowgate new`: the files of a new block. */
import { join, relative, resolve } from "node:path";
import { RowgateError } from "../../domain/errors.ts";
import { createBlock } from "../../rowgate-new.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult } from "../command-result.ts";
import { prepare, DEFAULT_SOURCE } from "./prepare.ts";

export async function create(context: CommandContext): Promise<CommandResult> {
  const { io, options, output, subject = "" } = context;
  const { settings } = await prepare(context);
  const source = context.source ?? settings.source ?? DEFAULT_SOURCE;
  const path = resolve(io.directory, source);

  if (/\.sql$/iu.test(path)) {
    throw new RowgateError("usage-invalid", {
      message: `${source} is one file, and a new block needs a directory`,
      hint: "Name the directory of the source.",
    });
  }

  const made = await createBlock(path, subject, {
    dialect: options.dialect,
    layout: settings.layout,
    placeholders: settings.placeholders,
    variables: settings.variables,
    undo: options.undo,
    verify: options.verify,
  });
  const files = made.map((file) => relative(io.directory, join(path, file)));
  output.result(files.join("\n"));

  return { targets: [], more: { files } };
}
