/** `rowgate check`: what would hurt a database that is in use, told without one. */
import { resolve } from "node:path";
import type { BlockHeader } from "../../domain/block.ts";
import { RowgateError } from "../../domain/errors.ts";
import { countFindings, type CheckReport, type Finding } from "../../domain/finding.ts";
import { nearestName } from "../../domain/nearest.ts";
import { compareWithBranch } from "../../rowgate-check/branch.ts";
import { BRANCH_RULES } from "../../rowgate-check/branch-findings.ts";
import { check as checkBundle, UNUSED_ALLOW } from "../../rowgate-check/check.ts";
import { RULE_NAMES } from "../../scan/check/rules.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult } from "../command-result.ts";
import { formatCheckTotals, formatFinding, jsonFinding } from "../format/check.ts";
import { counted } from "../format/table.ts";
import {
  describeSource,
  type OpenedSource,
  prepare,
  type Prepared,
  requireSource,
} from "./prepare.ts";

export async function check(context: CommandContext): Promise<CommandResult> {
  const { options, output } = context;
  checkRules(options.rule ?? []);
  const prepared = await prepare(context);
  const source = await requireSource(context, prepared);
  source.bundle.notes.forEach(source.notes.tell);

  const { findings, blocks } = await findAll(context, prepared, source);
  for (const finding of findings) {
    output.result(formatFinding(finding, (at) => output.place(at)));
  }
  output.result(formatCheckTotals(findings, blocks));

  return {
    targets: [],
    error: checkError(findings, options.strict === true),
    more: { ...describeSource(source), blocks, findings: findings.map(jsonFinding) },
  };
}

async function findAll(
  context: CommandContext,
  prepared: Prepared,
  source: OpenedSource,
): Promise<CheckReport> {
  const wanted = context.options.rule;
  const branch = await branchOf(context, prepared, source);
  const { findings, blocks } = await checkBundle(source.bundle, {
    levels: prepared.config?.check.rules,
    versions: prepared.settings.versions ?? source.about?.versions,
    blocks: branch?.changed,
  });
  const all = [...(branch?.findings ?? []), ...findings];

  return { findings: all.filter(({ rule }) => wanted?.includes(rule) ?? true), blocks };
}

/** Undefined when all is well. */
function checkError(findings: readonly Finding[], isStrict: boolean): RowgateError | undefined {
  const count = countFindings(findings, "error") + (isStrict ? countFindings(findings, "warn") : 0);

  if (count === 0) {
    return undefined;
  }
  return new RowgateError("check-failed", {
    message: `${counted(count, "finding")} of the safety check`,
    hint: 'Take the safe way, or say why not above the statement: -- rowgate: allow RULE because "reason".',
  });
}

/** @throws RowgateError `usage-invalid` for a rule that is not there. */
function checkRules(rules: readonly string[]): void {
  const names = [...RULE_NAMES, ...Object.keys(BRANCH_RULES), UNUSED_ALLOW];
  const unknown = rules.find((rule) => !names.includes(rule));

  if (unknown !== undefined) {
    const nearest = nearestName(unknown, names);
    throw new RowgateError("usage-invalid", {
      message: `there is no rule "${unknown}"`,
      hint: nearest === undefined ? "docs/check.md has them all." : `Did you mean ${nearest}?`,
    });
  }
}

interface Branch {
  readonly findings: readonly Finding[];
  readonly changed: readonly BlockHeader[];
}

async function branchOf(
  context: CommandContext,
  { settings }: Prepared,
  { path, bundle, about }: OpenedSource,
): Promise<Branch | undefined> {
  const { base, dialect, syntaxCheck } = context.options;

  if (base === undefined) {
    return undefined;
  }
  if (about !== undefined) {
    throw new RowgateError("usage-invalid", {
      message: "--base compares a source with another state of it, and a script has none",
      hint: "Name the source of the script instead.",
    });
  }
  return compareWithBranch(bundle, {
    source: resolve(context.io.directory, path),
    base,
    build: {
      dialect: dialect ?? bundle.dialect,
      variables: settings.variables,
      layout: settings.layout,
      placeholders: settings.placeholders,
      syntaxCheck,
    },
  });
}
