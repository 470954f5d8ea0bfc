/** Rowgate as a library. The command line is made of the same functions. */
export {
  adopt,
  type AdoptOptions,
  buildBundle,
  type BuildOptions,
  createTarget,
  deploy,
  mark,
  openSource,
  plan,
  readBundle,
  readLog,
  type RunOptions,
  status,
  type TargetLog,
  type TargetStatus,
  undo,
  undoBundle,
  verify,
  writeBundle,
  type WriteOptions,
} from "./rowgate.ts";
export { check, type CheckOptions } from "./rowgate-check/check.ts";
export { leftBehind, prune } from "./rowgate-prune.ts";
export { replacedBundle } from "./rowgate-replaced.ts";
export { countSeeds } from "./rowgate-seeds.ts";
export { createBlock, type NewBlockOptions } from "./rowgate-new.ts";
export { prove, type ProveOptions } from "./rowgate-test/prove.ts";
export type { ScriptAbout } from "./bundler/script/header.ts";
export type { ScriptBundle } from "./bundler/read-script.ts";
export type { AdoptRequest, AdoptResult } from "./deployer/adopt-target.ts";
export type { MarkResult } from "./deployer/mark-target.ts";
export type { TargetPlan } from "./deployer/plan-target.ts";
export type { DeployOptions } from "./deployer/request.ts";
export type { TargetVerification } from "./deployer/verify-target.ts";
export type { AdoptedBlock, Adoption, AdoptionState, ToolRow } from "./domain/adoption.ts";
export type {
  AssertionTime,
  Block,
  BlockHeader,
  BlockKind,
  CopyPiece,
  Piece,
  StatementPiece,
  UndoneBlock,
} from "./domain/block.ts";
export type { Bundle, DialectName, TransactionMode, Undo } from "./domain/bundle.ts";
export { conflictError, type ConflictContext } from "./domain/conflict-error.ts";
export {
  ERROR_CODES,
  type ErrorCode,
  EXIT,
  type Failure,
  RowgateError,
  type ServerMessage,
} from "./domain/errors.ts";
export type {
  Comparison,
  ComparisonOptions,
  Conflict,
  HistoryRow,
  HistoryState,
  LogRow,
  PendingBlock,
} from "./domain/history.ts";
export type { LayoutName } from "./domain/layout.ts";
export type { MadeObject } from "./domain/made-object.ts";
export type { Marking, MarkRequest } from "./domain/mark.ts";
export type { Evidence, ScriptOptions } from "./domain/ports.ts";
export {
  type Proof,
  proofError,
  proofLines,
  type ProofName,
  type ProofState,
  type ProofStep,
} from "./domain/proof.ts";
export type { DeployEvent, Outcome, TargetReport } from "./domain/report.ts";
export type { Secret } from "./domain/secret.ts";
export { formatPosition, type Note, type SourcePosition } from "./domain/source.ts";
export type { BlockState, BlockStatus } from "./domain/status.ts";
export { type AssertionResult, type AssertionState, verifyError } from "./domain/verify.ts";
export type { ConnectionSettings, TableName, Target, VersionsTable } from "./domain/target.ts";
