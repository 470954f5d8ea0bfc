/** What stands before and behind the blocks: the guard of the whole, the helpers, the end. */
import type { BlockHeader } from "../../domain/block.ts";
import type { Bundle } from "../../domain/bundle.ts";
import type { PacketOptions } from "../../domain/ports.ts";
import { qualifiedName, type VersionsTable } from "../../domain/target.ts";
import { wordsOf } from "../words.ts";
import { gates } from "./gate.ts";
import { NEXT, RELEASE, UUID } from "./gtid.ts";
import { literal } from "./quoting.ts";
import { loadTemplate } from "./template.ts";
import { secondsOf } from "./unit-text.ts";
import { HAS_TOOLS, HOLDER, LOCK_NAME, schemaName, tableName } from "./versions-table.ts";

export interface Frame {
  readonly open: string;
  /** Makes the procedures of the deployment. */
  readonly helpers: string;
  /** The last packet: drops them, puts the session back, and says whether all went through. */
  close(step: number): string;
}

const PROCEDURES = [
  "update",
  "probe",
  "executed",
  "signal",
  "begin",
  "recall",
  "intent",
  "call",
  "done",
  "finish",
  "failed",
] as const;

const DROPS = PROCEDURES.map((name) => `DROP PROCEDURE IF EXISTS rowgate_${name};`).join("\n");

/** What the frame needs of the options, and who reads what it says. */
type FrameForm = PacketOptions & { readonly forPeople: boolean };

/** The blocks of the bundle as a table `m`: p(osition), i(d), k(ind), c(hecksum), o(ut of order), n(ame). */
const BLOCKS = blocksTable("");

/** Of a bundle that goes back; b: the checksum of the b(lock) that is taken back. */
const UNDO_BLOCKS = blocksTable(
  ", b VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[6]'",
);

function blocksTable(more: string): string {
  return `JSON_TABLE(@rg_manifest, '$[*]' COLUMNS (p INT PATH '$[0]', i VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[1]', k VARCHAR(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[2]', c VARCHAR(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[3]', o INT PATH '$[4]', n TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin PATH '$[5]'${more})) m`;
}

/** Whether a block `m` whose row is `v` has to run. */
const NEEDED = `(v.id IS NULL OR v.state IN ('running', 'failed') OR m.k = 'always' OR (m.k = 'on-change' AND v.checksum <> m.c))`;

/** The same of a bundle that goes back. */
const UNDO_NEEDED = `(m.k = 'undo' AND (v.state IN ('applied', 'adopted') OR v.checksum LIKE 'u1:%'))`;

export async function frameOf(bundle: Bundle, form: FrameForm): Promise<Frame> {
  const [open, opening, helpers, close] = await Promise.all([
    loadTemplate("open"),
    openingTexts(form.versions),
    loadTemplate("helpers"),
    loadTemplate("close"),
  ]);
  const values = valuesOf(bundle, form);

  return {
    open: open({ ...values, ...opening }).trimEnd(),
    helpers: helpers(values),
    close: (step) =>
      close({ ...values, drop: dropGate(), receipt: receiptGate(bundle, step) }).trimEnd(),
  };
}

/** What every opening has: it refuses sessions that cannot work, and makes the tables where they are missing. */
async function openingTexts(
  versions: VersionsTable,
): Promise<Readonly<Record<"checks" | "tables", string>>> {
  const [checks, tables] = await Promise.all([loadTemplate("checks"), loadTemplate("tables")]);
  const values = tableValues(versions);

  return { checks: checks(values).trimEnd(), tables: tables(values).trimEnd() };
}

/** Begins to write marks: the lock, the tables, the transaction. */
export async function markOpening(versions: VersionsTable): Promise<string> {
  const [open, texts] = await Promise.all([loadTemplate("mark"), openingTexts(versions)]);

  return open({ ...texts, lock: LOCK_NAME, holder: HOLDER }).trimEnd();
}

/** Also when an earlier part failed, but never while another deployment is at work. */
function dropGate(): string {
  return gates([
    {
      mode: `IF(IS_USED_LOCK(COALESCE(@rg_lock, 'rowgate')) <=> CONNECTION_ID() AND ${HAS_TOOLS}, @rg_open, @rg_shut)`,
      text: DROPS,
    },
  ]);
}

function receiptGate(bundle: Bundle, step: number): string {
  const refusal = `ROWGATE history-changed: release ${bundle.release} is NOT ${wordsOf(bundle).deployed}; mend the first error above and run the script again`;

  return `SET sql_mode = IF(@rg_step <=> ${step}, @rg_open, ${literal(refusal)});`;
}

function valuesOf(bundle: Bundle, form: FrameForm): Readonly<Record<string, unknown>> {
  const { versions, settings, outOfOrder, onBusy, forPeople, evidence } = form;

  return {
    ...tableValues(versions),
    lock: LOCK_NAME,
    holder: HOLDER,
    blocks: bundle.undo === undefined ? BLOCKS : UNDO_BLOCKS,
    needed: bundle.undo === undefined ? NEEDED : UNDO_NEEDED,
    ...wordsOf(bundle),
    undo: bundle.undo !== undefined,
    drops: DROPS,
    gtid: evidence === "gtid" ? { uuid: UUID, next: NEXT, release: RELEASE } : undefined,
    release: bundle.release,
    manifest: manifestOf(bundle),
    forPeople,
    waits: onBusy === "wait",
    outOfOrder,
    lockTimeout: secondsOf(settings["lock_timeout"], 1),
    timeLimit: secondsOf(settings["statement_timeout"], 0),
  };
}

function tableValues(versions: VersionsTable): Readonly<Record<string, unknown>> {
  return {
    table: tableName(versions),
    log: tableName(versions, "_log"),
    schema: schemaName(versions),
    name: literal(versions.name),
    logName: literal(`${versions.name}_log`),
    bare: versions.name,
    schemaGiven: versions.schema,
    shown: qualifiedName(versions),
    shownLog: qualifiedName({ ...versions, name: `${versions.name}_log` }),
  };
}

function manifestOf({ blocks, undo }: Bundle): string {
  return JSON.stringify([...blocks, ...(undo?.kept ?? [])].map(manifestRow));
}

function manifestRow({
  position,
  id,
  kind,
  checksum,
  outOfOrder,
  name,
  undoes,
}: BlockHeader): readonly unknown[] {
  const row = [position, id, kind, checksum, outOfOrder ? 1 : 0, name];

  return undoes === undefined ? row : row.with(2, "undo").concat(undoes.checksum);
}
