/** From a tree of files to a bundle: find, name, order, read; compile on demand. */
import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import type { BlockHeader } from "../domain/block.ts";
import type { Bundle, DialectName } from "../domain/bundle.ts";
import { RowgateError } from "../domain/errors.ts";
import type { Note } from "../domain/source.ts";
import { hasAssertions } from "./blocks/assertions.ts";
import { compileDrafts } from "./blocks/compile.ts";
import { draftFile, type Draft } from "./blocks/draft.ts";
import { bundleChecksum } from "./files/checksum.ts";
import { withExcerpts } from "./files/excerpt.ts";
import { errorCode, systemReason } from "./files/system-reason.ts";
import type { Rules } from "./reading/rules.ts";
import { createSession, firstState, type Tree, type Variables } from "./reading/session.ts";
import { discoverFiles, type Discovery, type FoundFile } from "./tree/discover.ts";
import { foreignLayoutHint } from "./tree/foreign-layout.ts";
import { readMainTree } from "./tree/main-tree.ts";
import { checkCase, checkIds, compareFiles, leadingNumber, nameFile } from "./tree/order.ts";
import { orderByRequires } from "./tree/requires.ts";
import { areOfBoth, parseSqlName } from "./tree/sql-name.ts";
import { isVerifyFile, matchVerifyFiles } from "./tree/verify-files.ts";

export interface TreeOptions {
  readonly dialect: DialectName;
  /** The name of the release; the caller knows it. */
  readonly release: string;
  /** The locals of templates and the variables of psql. */
  readonly variables: Variables;
  /** Whether statements that the parser refuses are errors. */
  readonly syntaxCheck: boolean;
}

/** Loaded when they are wanted: a bundle has one dialect. */
const RULES: Readonly<Record<DialectName, () => Promise<Rules>>> = {
  postgres: async () => (await import("./postgres/rules.ts")).postgresRules,
  mysql: async () => (await import("./mysql/rules.ts")).mysqlRules,
};

interface Drafts {
  readonly drafts: readonly Draft[];
  readonly notes: readonly Note[];
}

/**
 * The bundle of a source: a directory, or one SQL file. A file named main.sql stands for its
 * directory; another one is a bundle of one block. Only headers are read; see `Bundle.compile`.
 *
 * @throws RowgateError `source-missing`, `source-empty`; `id-duplicate`, `block-unknown`,
 * `directive-unknown`, `file-encoding`, `file-unreadable`, `include-missing`, `include-outside`,
 * `include-cycle`, `psql-command`, `client-command`, `template-failed`, `transaction-control`,
 * `verify-invalid` for faults in the tree.
 */
export async function readTree(root: string, options: TreeOptions): Promise<Bundle> {
  const source = findSource(root);
  const tree: Tree = {
    root: source.root,
    dialect: options.dialect,
    rules: await RULES[options.dialect](),
    values: options.variables,
  };
  const { drafts, notes } = await withExcerpts(tree.root, async () => {
    const read = await readDrafts(tree, source.file);

    return { ...read, drafts: orderByRequires(read.drafts) };
  });

  if (drafts.length === 0) {
    throw new RowgateError("source-empty", {
      message: `${root} holds no SQL file that could be a block`,
      hint:
        // The notes name what is in the tree, but no block.
        foreignLayoutHint(notes.map(({ at }) => at.path)) ??
        "Add a numbered file such as 0001_first.sql, or a main.sql that includes the others.",
    });
  }
  return createBundle({ tree, drafts, notes }, options);
}

/** The tree's root, and the file in it that was named. */
function findSource(root: string): { readonly root: string; readonly file: string | undefined } {
  try {
    const real = realpathSync(root);

    return statSync(real).isDirectory()
      ? { root: real, file: undefined }
      : { root: dirname(real), file: basename(real) };
  } catch (error) {
    throw new RowgateError(errorCode(error) === "ENOENT" ? "source-missing" : "file-unreadable", {
      message: `the source ${root} cannot be read: ${systemReason(error)}`,
      hint: "Name the directory with your SQL files, or one SQL file.",
      cause: error,
    });
  }
}

async function readDrafts(tree: Tree, file: string | undefined): Promise<Drafts> {
  if (file !== undefined && !isMain(file)) {
    return { drafts: [await readSingle(tree, file)], notes: [] };
  }

  const discovery = await discoverFiles(tree.root, tree.dialect);
  const main = file ?? findMain(discovery.files);

  checkCase(discovery.files.map(({ path }) => path));
  return main === undefined ? readNumbered(tree, discovery) : readMain(tree, main, discovery);
}

function isMain(path: string): boolean {
  return parseSqlName(path)?.stem === "main";
}

/** The main file of a tree; one for the dialect goes before one for all. */
function findMain(files: readonly FoundFile[]): string | undefined {
  const mains = files.map(({ path }) => path).filter(isMain);
  const own = mains.filter((path) => !/^main\.sql(?:\.ejs)?$/u.test(path));
  const [first, second] = own;

  if (first !== undefined && second !== undefined && areOfBoth(first, second)) {
    checkIds([first, second].map((path) => ({ id: "main", path })));
  }
  return first ?? mains[0];
}

async function readSingle(tree: Tree, path: string): Promise<Draft> {
  const number = leadingNumber(path).join(".");
  const id = number === "" ? (parseSqlName(path)?.stem ?? path) : number;

  const draft = await draftFile(
    { file: join(tree.root, path), path },
    { id, kind: "once", movable: false },
    createSession(tree, firstState(tree)),
  );

  await checkStatement(draft);
  return draft;
}

/** In a tree an empty file is one block among others; alone it is a file that lost its text. */
async function checkStatement(draft: Draft): Promise<void> {
  const { pieces } = draft.open(() => undefined);
  const { done } = await pieces.next();

  await pieces.return(undefined);
  if (done === true) {
    throw new RowgateError("source-empty", {
      message: `${draft.path} holds no statement`,
      hint: "Name a file with SQL, a script that is complete, or a directory.",
    });
  }
}

async function readNumbered(tree: Tree, { files, notes }: Discovery): Promise<Drafts> {
  const named = files.map(({ path, stem }) => ({ path, stem, naming: nameFile(path, stem) }));
  const blocks = named
    .map(({ naming }) => naming)
    .filter((naming) => typeof naming !== "string")
    .toSorted(compareFiles);
  const state = firstState(tree);
  const drafts: Draft[] = [];
  const read = new Set<string>();
  const onFile = (file: string): void => void read.add(file);

  checkIds(blocks);
  for (const { path, id, kind, stage } of blocks) {
    drafts.push(
      await draftFile(
        { file: join(tree.root, path), path },
        { id, kind, movable: stage === "routines" },
        { ...createSession(tree, state), onFile },
      ),
    );
  }

  // What a block includes is part of it, wherever it lies.
  const others = named.filter(({ path }) => !read.has(path));
  const unnumbered = others.filter(({ naming }) => naming === "unnumbered");
  const aside = others.filter(({ naming }) => naming === "aside");

  return {
    drafts: await addVerifyFiles(tree, drafts, aside.filter(isVerifyFile)),
    notes: [
      ...notes,
      ...unnumbered.map(({ path }) =>
        fileNote(path, `${path} has no number and is in no routine folder: not part of the bundle`),
      ),
      ...countNote(
        aside.filter((file) => !isVerifyFile(file)),
        "in undo and seeds folders",
      ),
    ],
  };
}

/** The drafts, each with its verify file where there is one. */
async function addVerifyFiles(
  tree: Tree,
  drafts: readonly Draft[],
  files: readonly FoundFile[],
): Promise<readonly Draft[]> {
  const verified = new Map<string, Draft>();
  const matched = matchVerifyFiles(files, new Set(drafts.map(({ id }) => id)));

  for (const { path, id } of matched) {
    const place = { file: join(tree.root, path), path };
    const name = { id, kind: "once", movable: false } as const;
    verified.set(id, await draftFile(place, name, createSession(tree, firstState(tree))));
  }

  return verified.size === 0
    ? drafts
    : drafts.map((draft) => ({ ...draft, verify: verified.get(draft.id) }));
}

async function readMain(tree: Tree, path: string, { files, notes }: Discovery): Promise<Drafts> {
  const main = await readMainTree({ file: join(tree.root, path), path }, tree);
  const others = files.filter((file) => !main.files.has(file.path) && !isMain(file.path));

  return {
    drafts: await addVerifyFiles(tree, main.drafts, others.filter(isVerifyFile)),
    notes: [
      ...notes,
      ...main.notes,
      ...countNote(
        others.filter((file) => !isVerifyFile(file)),
        `that ${path} does not include`,
      ),
    ],
  };
}

function countNote(files: readonly { readonly path: string }[], which: string): readonly Note[] {
  const [first] = files;

  if (first === undefined) {
    return [];
  }

  const count = files.length === 1 ? "1 SQL file" : `${files.length} SQL files`;
  const verb = files.length === 1 ? "is" : "are";

  return [fileNote(first.path, `${count} ${which} ${verb} not part of the bundle`)];
}

function fileNote(path: string, message: string): Note {
  return { at: { path, line: 1, column: 1 }, message };
}

function createBundle(
  { tree, drafts, notes }: Drafts & { readonly tree: Tree },
  { dialect, release, syntaxCheck }: TreeOptions,
): Bundle {
  const blocks = drafts.map(headerOf);
  const byId = new Map(drafts.map((draft) => [draft.id, draft]));
  const verified = drafts.flatMap(({ id, verify }) =>
    verify === undefined ? [] : [[id, verify.checksum] as const],
  );

  return {
    dialect,
    release,
    checksum: bundleChecksum(blocks, new Map(verified)),
    blocks,
    notes,
    async compile(wanted) {
      const requests = wanted.map((header) => ({ header, draft: draftOf(byId, header) }));

      return withExcerpts(tree.root, async () =>
        compileDrafts(requests, { rules: tree.rules, checksSyntax: syntaxCheck }),
      );
    },
  };
}

function headerOf(draft: Draft, index: number): BlockHeader {
  const { id, path, kind, checksum, directives } = draft;

  return {
    id,
    name: path,
    kind,
    checksum,
    position: index + 1,
    outOfOrder: directives.outOfOrder,
    ...(hasAssertions(draft) ? { hasAssertions: true } : {}),
  };
}

function draftOf(drafts: ReadonlyMap<string, Draft>, { id }: BlockHeader): Draft {
  const draft = drafts.get(id);

  if (draft === undefined) {
    throw new RowgateError("block-unknown", {
      message: `the bundle has no block ${id}`,
      hint: "Take the blocks from this bundle's own list.",
    });
  }
  return draft;
}
