/** From a tree of files to a bundle: find, name, order, read; compile on demand. */
import { realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

import type { Block, BlockHeader } from "../domain/block.ts";
import type { Bundle, DialectName } from "../domain/bundle.ts";
import { RowgateError } from "../domain/errors.ts";
import type { LayoutName } from "../domain/layout.ts";
import type { Note } from "../domain/source.ts";
import { hasAssertions } from "./blocks/assertions.ts";
import { compileDrafts, type CompileRequest } from "./blocks/compile.ts";
import { draftFile, draftOf, type Draft } from "./blocks/draft.ts";

import { bundleChecksum } from "./files/checksum.ts";
import { withExcerpts } from "./files/excerpt.ts";
import { errorCode, systemReason } from "./files/system-reason.ts";
import { addCompanions } from "./layouts/companions.ts";
import { countNote, draftFiles } from "./layouts/draft-files.ts";
import { readLayout } from "./layouts/find-layout.ts";
import { createLayoutFiles } from "./layouts/layout-files.ts";
import { orderRoutines } from "./order-routines.ts";
import type { Rules } from "./reading/rules.ts";
import { createSession, firstState, type Tree, type Variables } from "./reading/session.ts";
import { isCompanion } from "./tree/companion-files.ts";
import { discoverFiles, type Discovery, type FoundFile } from "./tree/discover.ts";
import { readMainTree } from "./tree/main-tree.ts";
import { checkCase, checkIds, leadingNumber } from "./tree/order.ts";
import { orderByRequires } from "./tree/requires.ts";
import { areOfBoth, parseSqlName } from "./tree/sql-name.ts";
import { undoBundleOf } from "./undo-bundle.ts";

export interface TreeOptions {
  readonly dialect: DialectName;
  /** The name of the release; the caller knows it. */
  readonly release: string;
  /** The locals of templates and the variables of psql. */
  readonly variables: Variables;
  /** Whether statements that the parser refuses are errors. */
  readonly syntaxCheck: boolean;
  /** Undefined to find it by the files. */
  readonly layout?: LayoutName | undefined;
  /** Whether `${name}` stands for a value in files of layouts that have it so; false unless given. */
  readonly placeholders?: boolean | undefined;
}

/** Loaded when they are wanted: a bundle has one dialect. */
const RULES: Readonly<Record<DialectName, () => Promise<Rules>>> = {
  postgres: async () => (await import("./postgres/rules.ts")).postgresRules,
  mysql: async () => (await import("./mysql/rules.ts")).mysqlRules,
};

interface Drafts {
  readonly drafts: readonly Draft[];
  readonly notes: readonly Note[];
  readonly layout: LayoutName;
}

/** What of the options is about layouts. */
interface Wanted {
  readonly layout: LayoutName | undefined;
  readonly placeholders: boolean;
}

const NOTHING_ELSE = { files: [], others: [], notes: [] };

/**
 * The bundle of a source: a directory, or one SQL file. A file named main.sql stands for its
 * directory; another one is a bundle of one block. Only headers are read; see `Bundle.compile`.
 *
 * @throws RowgateError `source-missing`, `source-empty`; `layout-unclear`, `layout-invalid`, `id-duplicate`, `block-unknown`,
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
  const read = await withExcerpts(tree.root, async () => {
    const { drafts, ...found } = await readDrafts(tree, source.file, {
      layout: options.layout,
      placeholders: options.placeholders ?? false,
    });

    return { ...found, drafts: orderByRequires(await inOrder(drafts, found.layout)) };
  });

  if (read.drafts.length === 0) {
    throw new RowgateError("source-empty", {
      message: `${root} holds no SQL file that could be a block`,
      hint: "Add a numbered file such as 0001_first.sql, or a main.sql that includes the others.",
    });
  }
  return createBundle({ tree, ...read }, options);
}

/** Other tools have an order of their own, and a main.sql says it. */
async function inOrder(drafts: readonly Draft[], layout: LayoutName): Promise<readonly Draft[]> {
  return layout === "rowgate" ? orderRoutines(drafts) : drafts;
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

async function readDrafts(tree: Tree, file: string | undefined, wanted: Wanted): Promise<Drafts> {
  if (file !== undefined && !isMain(file)) {
    return readSingle(tree, file, wanted);
  }

  const discovery = await discoverFiles(tree.root, tree.dialect);
  const main = file ?? findMain(discovery.files);

  checkCase(discovery.files.map(({ path }) => path));
  if (main !== undefined && (wanted.layout === undefined || wanted.layout === "main")) {
    return readMain(tree, main, discovery);
  }
  if (wanted.layout === "main") {
    throw new RowgateError("layout-unclear", {
      message: "there is no main.sql at the root of the source",
      hint: "Add one, or leave layout out.",
    });
  }
  const files = createLayoutFiles(tree, discovery, wanted);

  return draftFiles(tree, discovery, readLayout(files, wanted.layout));
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

/** A file by itself is one block, unless it has sections. */
async function readSingle(tree: Tree, path: string, wanted: Wanted): Promise<Drafts> {
  const stem = parseSqlName(path)?.stem ?? path;
  const files = createLayoutFiles(tree, { files: [{ path, stem }], others: [] }, wanted);
  const layout = readLayout(files, wanted.layout === "main" ? "rowgate" : wanted.layout);

  if (layout.entries.some(({ part }) => part !== undefined)) {
    return draftFiles(tree, NOTHING_ELSE, layout);
  }

  const number = leadingNumber(path).join(".");
  const draft = await draftFile(
    { file: join(tree.root, path), path },
    { id: number === "" ? stem : number, kind: "once", movable: false },
    createSession(tree, firstState(tree)),
  );

  await checkStatement(draft);
  return { drafts: [draft], notes: [], layout: "rowgate" };
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

async function readMain(tree: Tree, path: string, { files, notes }: Discovery): Promise<Drafts> {
  const main = await readMainTree({ file: join(tree.root, path), path }, tree);
  const others = files.filter((file) => !main.files.has(file.path) && !isMain(file.path));

  return {
    drafts: await addCompanions(tree, main.drafts, others),
    notes: [
      ...notes,
      ...main.notes,
      ...countNote(
        others.filter((file) => !isCompanion(file, "verify") && !isCompanion(file, "undo")),
        `that ${path} does not include`,
      ),
    ],
    layout: "main",
  };
}

function createBundle(
  { tree, drafts, notes, layout }: Drafts & { readonly tree: Tree },
  { dialect, release, syntaxCheck }: TreeOptions,
): Bundle {
  const blocks = drafts.map(headerOf);
  const byId = new Map(drafts.map((draft) => [draft.id, draft]));
  const verified = drafts.flatMap(({ id, verify }) =>
    verify === undefined ? [] : [[id, verify.checksum] as const],
  );
  const compile = async (requests: readonly CompileRequest[]): Promise<readonly Block[]> =>
    withExcerpts(tree.root, async () =>
      compileDrafts(requests, { rules: tree.rules, checksSyntax: syntaxCheck }),
    );
  const bundle: Bundle = {
    dialect,
    release,
    layout,
    checksum: bundleChecksum(blocks, new Map(verified)),
    blocks,
    notes,
    compile: async (wanted) =>
      compile(wanted.map((header) => ({ header, draft: draftOf(byId, header) }))),
  };

  return {
    ...bundle,
    undoTo: async (id) =>
      withExcerpts(tree.root, async () => undoBundleOf({ bundle, drafts: byId, compile }, id)),
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
