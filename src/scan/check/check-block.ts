/** The findings on the statements of one block, in order. */
import type { BlockKind, BlockTransaction } from "../../domain/block.ts";
import type { Finding, FindingLevel } from "../../domain/finding.ts";
import type { SourcePosition } from "../../domain/source.ts";
import type { PlacedAllowance } from "./find-allowances.ts";
import type { Found, Seen } from "./found.ts";
import { RULES, type RuleName } from "./rules.ts";

/** A statement, and what is known of it. */
export interface CheckedStatement {
  readonly at: SourcePosition;
  readonly seen: Seen;
  /** Those in its comments. */
  readonly allowances: readonly PlacedAllowance[];
}

export interface CheckedBlock {
  readonly id: string;
  readonly kind: BlockKind;
  readonly transaction: BlockTransaction;
  readonly statements: readonly CheckedStatement[];
}

export type RuleLevels = Readonly<Partial<Record<RuleName, Exclude<FindingLevel, "info"> | "off">>>;

export interface CheckContext {
  /** What rowgate.yaml says instead of a rule's own level. */
  readonly levels: RuleLevels;
  /** Tables without rows: those that blocks before made, as far as they are new. Grows. */
  readonly newTables: Set<string>;
  /** The names of the versions table and its log, in small letters. */
  readonly versions: ReadonlySet<string>;
}

export interface BlockFindings {
  readonly findings: readonly Finding[];
  /** Allowances that allowed nothing. */
  readonly unused: readonly PlacedAllowance[];
}

/** So many tables are changed in one block before somebody should hear of it. */
const MANY_TABLES = 8;

/** An allowance before the first statement holds for all of the block, another for its statement. */
export function checkBlock(block: CheckedBlock, context: CheckContext): BlockFindings {
  const findings: Finding[] = [];
  const used = new Set<PlacedAllowance>();
  const ofBlock = block.statements[0]?.allowances ?? [];

  const tell = (statement: CheckedStatement, { rule, what, table }: Found): void => {
    const level = context.levels[rule] ?? RULES[rule].level;
    const allowance = [...statement.allowances, ...ofBlock].find((each) => each.rule === rule);

    if (level === "off") {
      return;
    }
    if (allowance !== undefined) {
      used.add(allowance);
    }
    findings.push({
      rule,
      level,
      block: block.id,
      at: statement.at,
      message: `${what}: ${RULES[rule].why}`,
      safe: RULES[rule].safe,
      table,
      allowed: allowance?.reason,
    });
  };

  for (const statement of block.statements) {
    for (const found of foundIn(block, statement, context)) {
      tell(statement, found);
    }
    statement.seen.creates.forEach((table) => context.newTables.add(table.toLowerCase()));
  }
  const many = manyTables(block);
  if (many !== undefined) {
    tell(many.statement, { rule: "many-tables", what: many.what });
  }

  const given = block.statements.flatMap(({ allowances }) => allowances);
  return { findings, unused: given.filter((allowance) => !used.has(allowance)) };
}

function foundIn(
  { kind, transaction }: CheckedBlock,
  { seen }: CheckedStatement,
  { newTables, versions }: CheckContext,
): readonly Found[] {
  const isEmpty = (table: string | undefined): boolean =>
    table !== undefined && newTables.has(table.toLowerCase());
  const own = [...seen.tables, ...(seen.writes ?? [])].find((table) =>
    versions.has(table.toLowerCase()),
  );
  const found = seen.found.filter(
    ({ rule, table }) => !isEmpty(table) && (rule !== "numbered-routine" || kind === "once"),
  );

  return [
    ...found,
    ...(own === undefined ? [] : [{ rule: "versions-table", what: `it changes ${own}` } as const]),
    ...(transaction === "none" && seen.notRepeatable !== undefined
      ? [{ rule: "not-repeatable", what: seen.notRepeatable } as const]
      : []),
  ];
}

function manyTables({
  statements,
}: CheckedBlock): { readonly statement: CheckedStatement; readonly what: string } | undefined {
  const made = new Set(statements.flatMap(({ seen }) => seen.creates));
  const tables = new Set<string>();

  for (const statement of statements) {
    statement.seen.tables.filter((table) => !made.has(table)).forEach((table) => tables.add(table));
    if (tables.size > MANY_TABLES) {
      return { statement, what: `the block changes more than ${MANY_TABLES} tables` };
    }
  }
  return undefined;
}
