/** Values for the tests of the output. */
import type { BlockHeader } from "../../../src/domain/block.ts";
import type { HistoryRow } from "../../../src/domain/history.ts";

export function header(id: string, change: Partial<BlockHeader> = {}): BlockHeader {
  return {
    id,
    name: `${id}.sql`,
    kind: "once",
    checksum: `s1:${id}`,
    position: 1,
    outOfOrder: false,
    ...change,
  };
}

export function row(id: string, change: Partial<HistoryRow> = {}): HistoryRow {
  return {
    id,
    name: `${id}.sql`,
    kind: "once",
    checksum: `s1:${id}`,
    release: "1.0",
    position: 1,
    state: "applied",
    appliedAt: "2026-11-20T10:02:11.123Z",
    appliedBy: "ci",
    durationMs: 41,
    statements: 3,
    done: 3,
    tool: "rowgate 0.1.0",
    holder: null,
    isResumable: false,
    doubt: null,
    ...change,
  };
}
