/** The bookkeeping of a block that runs without a transaction: its row is claimed, counted, finished. */
import type { Block } from "../../domain/block.ts";
import type { Bundle } from "../../domain/bundle.ts";
import type { VersionsTable } from "../../domain/target.ts";
import { literal } from "./quoting.ts";
import { loadTemplate } from "./template.ts";
import { guardedSettings } from "./transaction.ts";
import { tableName } from "./versions-table.ts";

/** How a claim is written: by the deployer, or in a script, where psql's variables carry it. */
export interface ClaimForm {
  /** An SQL expression for the token of the run. */
  readonly run: string;
  /** What goes before the names of the result's columns. */
  readonly prefix: string;
  /** The check that the earlier parts of a script succeeded; undefined for the deployer. */
  readonly checked: string | undefined;
}

type Step =
  | { readonly step: "progress"; readonly done: number }
  | { readonly step: "finish" }
  | { readonly step: "fail"; readonly detail: string };

export async function claimQuery(
  versions: VersionsTable,
  claimed: { readonly bundle: Bundle; readonly block: Block },
  form: ClaimForm,
): Promise<string> {
  const claim = await loadTemplate("claim");

  return claim({
    ...form,
    block: claimed.block,
    release: claimed.bundle.release,
    table: tableName(versions),
    guarded: guardedSettings([claimed.block]),
  }).trimEnd();
}

export async function stepQuery(
  versions: VersionsTable,
  claimed: { readonly block: Block; readonly run: string; readonly release?: string },
  step: Step,
): Promise<string> {
  const render = await loadTemplate("step");

  return render({
    ...claimed,
    ...step,
    table: tableName(versions),
    schema: versions.schema,
    name: versions.name,
    guarded: guardedSettings([claimed.block]),
  }).trimEnd();
}

/** Records a failure that was rolled back, in the log alone. */
export function failureQuery(
  versions: VersionsTable,
  bundle: Bundle,
  failed: { readonly id: string; readonly checksum: string; readonly detail: string },
): string {
  const values = [failed.id, failed.checksum, bundle.release, failed.detail].map(literal);

  return `INSERT INTO ${tableName(versions, "_log")} (id, event, checksum, release, detail, tool) SELECT ${values[0]}, 'failed', ${values.slice(1).join(", ")}, nullif(current_setting('application_name'), '')`;
}
