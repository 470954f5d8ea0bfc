/** Writing the script of a bundle. */
import { createHash } from "node:crypto";
import type { Bundle } from "../domain/bundle.ts";
import type { Dialect, ScriptOptions } from "../domain/ports.ts";
import { DIGEST_LINE } from "./script/header.ts";

/**
 * The script of a bundle, in chunks. The same bundle and options give the same bytes.
 *
 * @throws RowgateError for a fault in a file of the source, or `script-form`.
 */
export async function* writeScript(
  bundle: Bundle,
  dialect: Dialect,
  options: ScriptOptions,
): AsyncGenerator<string> {
  const blocks = await bundle.compile(bundle.blocks);
  const digest = createHash("sha256");

  for await (const chunk of dialect.script(bundle, blocks, options)) {
    digest.update(chunk);
    yield chunk;
  }

  yield `${DIGEST_LINE}${digest.digest("hex")}\n`;
}
