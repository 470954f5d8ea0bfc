/** Values that are valid in every way and say nothing; give only what the test is about. */
import type { BlockHeader } from "../../../src/domain/block.ts";
import type { HistoryRow } from "../../../src/domain/history.ts";

export const checksumOf = (letter: string): string => `s1:${letter.repeat(64)}`;

export function header(position: number, values: Partial<BlockHeader> = {}): BlockHeader {
  return {
    id: `${position}`,
    name: `${position}.sql`,
    kind: "once",
    checksum: checksumOf("a"),
    position,
    outOfOrder: false,
    ...values,
  };
}

/** The row of a block that was applied as it is. */
export function rowOf(block: BlockHeader, values: Partial<HistoryRow> = {}): HistoryRow {
  const { id, name, kind, checksum, position } = block;

  return {
    id,
    name,
    kind,
    checksum,
    position,
    release: "1.0.0",
    state: "applied",
    appliedAt: "2026-05-04T03:02:01Z",
    appliedBy: "ann",
    durationMs: 5,
    statements: 3,
    done: 3,
    tool: "rowgate",
    holder: null,
    isResumable: false,
    doubt: null,
    ...values,
  };
}
