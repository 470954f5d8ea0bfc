/** The safety check: what the blocks of a bundle would do to a database that is in use. */
import type { BlockHeader } from "../domain/block.ts";
import type { Bundle } from "../domain/bundle.ts";
import type { CheckReport, Finding } from "../domain/finding.ts";
import { isSeed } from "../domain/seed.ts";
import type { VersionsTable } from "../domain/target.ts";
import { checkBlock, type RuleLevels } from "../scan/check/check-block.ts";
import type { PlacedAllowance } from "../scan/check/find-allowances.ts";
import { loadEyes, seeStatements } from "./see-statements.ts";

export interface CheckOptions {
  /** Levels instead of the rules' own; none unless given. */
  readonly levels?: RuleLevels | undefined;
  /** `versions` unless given. */
  readonly versions?: VersionsTable | undefined;
  /**
   * The blocks that are deployed together: a table that one of them makes is empty for the others.
   * Unless given all blocks are looked at, each as if it were deployed alone.
   */
  readonly blocks?: readonly BlockHeader[] | undefined;
}

/**
 * Looks at each statement without a database.
 *
 * @throws RowgateError for the first fault found in the blocks.
 */
export async function check(bundle: Bundle, options: CheckOptions = {}): Promise<CheckReport> {
  const { levels = {}, blocks: together } = options;
  const eyes = await loadEyes(bundle.dialect);
  const findings: Finding[] = [];
  const blocks = await bundle.compile(together ?? bundle.blocks);
  let newTables = new Set<string>();

  for (const block of blocks) {
    newTables = together === undefined ? new Set<string>() : newTables;
    // Those of a seed are ours: rows by their key, and a temporary table.
    const statements = isSeed(block) ? [] : await seeStatements(block, eyes);
    const checked = checkBlock(
      { ...block, statements },
      { levels, newTables, versions: namesOf(options.versions) },
    );

    findings.push(
      ...checked.findings,
      ...checked.unused.map((one) => unusedFinding(one, block.id)),
    );
  }
  return { findings, blocks: blocks.length };
}

/** The name of what is found about an allow that allows nothing, as that of a rule. */
export const UNUSED_ALLOW = "unused-allow";

function namesOf(versions: VersionsTable | undefined): ReadonlySet<string> {
  const { schema, name } = versions ?? { schema: undefined, name: "versions" };
  const full = schema === undefined || schema === "public" ? name : `${schema}.${name}`;

  return new Set([full, `${full}_log`].map((each) => each.toLowerCase()));
}

function unusedFinding({ rule, at }: PlacedAllowance, block: string): Finding {
  return {
    rule: UNUSED_ALLOW,
    level: "warn",
    block,
    at,
    message: `the allow of ${rule} allows nothing: no statement that it is for breaks the rule`,
    safe: "Remove it.",
    table: undefined,
    allowed: undefined,
  };
}
