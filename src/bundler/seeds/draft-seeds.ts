/** The seeds of a tree: `seeds/NAME.csv`, each a block that runs again when its rows change. */
import { join } from "node:path";

import type { Note } from "../../domain/source.ts";
import type { Draft, Reading } from "../blocks/draft.ts";
import { createTextHash } from "../files/checksum.ts";
import { type FilePlace, readText } from "../files/read-text.ts";
import type { Tree } from "../reading/session.ts";
import type { WalkedPiece } from "../reading/walked.ts";
import { readSeedHeader, type SeedHeader, seedInvalid } from "./header.ts";
import { mysqlSeed } from "./mysql.ts";
import { postgresSeed } from "./postgres.ts";
import { readRows, type SeedRow } from "./rows.ts";

const SEED = /^(?<id>seeds\/.+)\.csv$/iu;

/**
 * The drafts of the seeds among `paths`, and a note for each CSV file there that has no header,
 * which may be the data of a LOAD DATA.
 *
 * @throws RowgateError `seed-invalid`, `directive-unknown`, and what `readText` throws.
 */
export function draftSeeds(
  tree: Tree,
  paths: readonly string[],
): { readonly drafts: readonly Draft[]; readonly notes: readonly Note[] } {
  const drafts: Draft[] = [];
  const notes: Note[] = [];

  for (const path of paths) {
    const id = SEED.exec(path)?.groups?.["id"];

    if (id !== undefined) {
      const draft = draftSeed(tree, { file: join(tree.root, path), path }, id);

      if (draft === undefined) {
        notes.push({
          at: { path, line: 1, column: 1 },
          message: `${path} does not begin with # rowgate: table, so it is no seed: not part of the bundle`,
        });
      } else {
        drafts.push(draft);
      }
    }
  }
  return { drafts, notes };
}

/** The drafts with the seeds behind the routines, before the hooks that come last. */
export function withSeeds(drafts: readonly Draft[], seeds: readonly Draft[]): readonly Draft[] {
  const last = drafts.findIndex(({ path }) => path.startsWith("after/"));
  const end = last < 0 ? drafts.length : last;

  return [...drafts.slice(0, end), ...seeds, ...drafts.slice(end)];
}

function draftSeed(tree: Tree, place: FilePlace, id: string): Draft | undefined {
  const { path } = place;
  const hash = createTextHash();
  let header: SeedHeader | undefined;
  let isFirst = true;

  for (const chunk of readText(place)) {
    header = isFirst ? readSeedHeader(chunk, path) : header;
    isFirst = false;
    if (header === undefined) {
      break;
    }
    hash.update(chunk);
  }
  if (header === undefined) {
    return undefined;
  }

  const found = header;

  return {
    id,
    path,
    kind: "on-change",
    checksum: hash.checksum(),
    directives: found.directives,
    requires: found.directives.requires,
    movable: true,
    isSeed: true,
    prefix: [],
    open: () => openSeed(tree, place, found),
  };
}

function openSeed({ dialect }: Tree, place: FilePlace, header: SeedHeader): Reading {
  const hash = createTextHash();

  return {
    pieces: piecesOf(dialect === "postgres" ? postgresSeed : mysqlSeed, {
      rows: readRows(bodyOf(place, header, hash), header, place.path),
      header,
      path: place.path,
    }),
    checksum: () => hash.checksum(),
  };
}

interface Opened {
  readonly rows: AsyncGenerator<SeedRow>;
  readonly header: SeedHeader;
  readonly path: string;
}

async function* piecesOf(
  write: typeof postgresSeed,
  { rows, header, path }: Opened,
): AsyncGenerator<WalkedPiece> {
  const first = await rows.next();

  if (first.done !== true) {
    const { values, line } = first.value;
    const columns = values.map(String);

    yield* write({ header, columns, at: { path, line, column: 1 } }, guarded(rows, header, path));
  }
}

/** A file that lost its rows must not empty a table. */
async function* guarded(
  rows: AsyncGenerator<SeedRow>,
  { remove, lines }: SeedHeader,
  path: string,
): AsyncGenerator<SeedRow> {
  let isEmpty = true;

  for await (const row of rows) {
    isEmpty = false;
    yield row;
  }
  if (isEmpty && remove === "missing") {
    throw seedInvalid(
      { path, line: lines + 1 },
      "the seed has no rows, so that delete missing would empty the table",
      "Write `# rowgate: delete where true` if that is meant.",
    );
  }
}

/** The text behind the header; all of it goes to the hash. */
function* bodyOf(
  place: FilePlace,
  { text }: SeedHeader,
  hash: { update(text: string): void },
): Generator<string> {
  let isFirst = true;

  for (const chunk of readText(place)) {
    hash.update(chunk);
    yield isFirst ? chunk.slice(text.length) : chunk;
    isFirst = false;
  }
}
