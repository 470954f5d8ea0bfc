/** Proves a source on scratch databases. */
import { extensionsOf } from "../bundler/blocks/extensions.ts";
import { assertionTime } from "../domain/block.ts";
import type { Bundle } from "../domain/bundle.ts";
import { RowgateError } from "../domain/errors.ts";
import type { Proof, ProofName, ProofStep } from "../domain/proof.ts";
import type { Target } from "../domain/target.ts";
import { checkDialect, loadDialect } from "../rowgate-access.ts";
import { catalogOf } from "./catalog.ts";
import { proveCuts } from "./cut.ts";
import { counted, deployTo, disproved, open, proved, type Proving } from "./proof.ts";
import { proveAgain, proveOnChange } from "./repeat.ts";
import { type Scratch, withScratch } from "./scratch.ts";
import { proveUndo } from "./undo.ts";

export interface ProveOptions {
  /** The server on which scratch databases are made; an embedded PostgreSQL unless given. Its own database is not touched. */
  readonly on?: Target | undefined;
  /** Behind how many statements to break off at most, spread evenly; all unless given. */
  readonly cuts?: number | undefined;
  /** The name of the history's table; `versions` unless given. */
  readonly versionsTable?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Hears what goes on while it runs. */
  readonly onProgress?: ((text: string) => void) | undefined;
}

/**
 * Proves a bundle on databases that are made for it and dropped again: it applies from nothing, again
 * without a change, goes on wherever it was broken off, and goes back. What is disproved is part of
 * the answer, not an error.
 *
 * @throws RowgateError `usage-invalid`, when the bundle is for databases of another kind, or goes back,
 * and for less than one cut;
 * `permission-denied`, when no database can be made; `cancelled`; when the server cannot be reached;
 * for faults in the source.
 */
export async function prove(bundle: Bundle, options: ProveOptions = {}): Promise<Proof> {
  checkBundle(bundle, options);
  const blocks = await bundle.compile(bundle.blocks);
  const known = new Map(blocks.map((block) => [block.id, block]));
  const proving: Proving = {
    bundle: {
      ...bundle,
      compile: async (headers) => headers.flatMap(({ id }) => known.get(id) ?? []),
    },
    blocks,
    dialect: await loadDialect(bundle.dialect),
    place: {
      target: options.on,
      versions: { schema: undefined, name: options.versionsTable ?? "versions" },
      endsSessions: blocks.some(({ transaction }) => transaction === "none"),
      extensions: await extensionsOf(blocks),
    },
    cuts: options.cuts ?? Infinity,
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? ((): void => undefined),
  };

  let server = "";
  let expected: readonly string[] | undefined;
  const steps = await withScratch(proving.place, async (scratch) => {
    const first = await apply(proving, scratch, (description) => {
      server = kindOf(description);
    });
    if (first.state !== "proved") {
      return [first, ...untried(first.summary)];
    }
    expected = await catalogOf(scratch, proving.dialect);

    return [first, await verification(proving), ...(await inPlace(proving, scratch, expected))];
  });

  return {
    server,
    steps: expected === undefined ? steps : [...steps, await proveCuts(proving, expected)],
  };
}

/** What is tried on one database, one after the other, until something is disproved. */
async function inPlace(
  proving: Proving,
  scratch: Scratch,
  expected: readonly string[],
): Promise<readonly ProofStep[]> {
  const steps: ProofStep[] = [];

  for (const [name, step] of [
    ["again", proveAgain],
    ["on-change", proveOnChange],
    ["undo", proveUndo],
  ] as const) {
    proving.onProgress(name);
    const broken = steps.find(({ state }) => state === "disproved");
    steps.push(
      broken === undefined
        ? await step(proving, scratch, expected)
        : open(name, `it was not tried behind a failure of ${broken.name}`),
    );
  }
  return steps;
}

async function apply(
  proving: Proving,
  scratch: Scratch,
  onServer: (description: string) => void,
): Promise<ProofStep> {
  proving.onProgress("apply");
  const report = await deployTo(proving, scratch, {
    bundle: proving.bundle,
    onEvent: (event) => {
      if (event.event === "connected") {
        onServer(event.server);
      }
    },
  });
  const statements = proving.blocks.reduce((sum, block) => sum + block.statements, 0);

  return report.error === undefined
    ? proved(
        "apply",
        `${counted(report.applied.length, "block")} with ${counted(statements, "statement")} applied from nothing`,
      )
    : disproved(
        "apply",
        `it cannot be applied to an empty database: ${report.error.message}`,
        report,
      );
}

/** Assertions run with each deployment: here they are counted. */
async function verification({ blocks }: Proving): Promise<ProofStep> {
  const without: string[] = [];
  let assertions = 0;

  for (const block of blocks) {
    let own = 0;
    for await (const piece of block.pieces()) {
      own += assertionTime(piece) === undefined ? 0 : 1;
    }
    assertions += own;
    if (own === 0) {
      without.push(block.id);
    }
  }

  if (assertions === 0) {
    return open("verify", "the source has no assertions");
  }
  const summary = `${counted(assertions, "assertion")} held, each with its block`;
  return without.length === 0
    ? proved("verify", summary)
    : proved("verify", `${summary}; ${counted(without.length, "block")} without any`);
}

function untried(reason: string): readonly ProofStep[] {
  const names: readonly ProofName[] = ["verify", "again", "on-change", "undo", "cut"];

  return names.map((name) => open(name, `it was not tried: ${reason}`));
}

function checkBundle(bundle: Bundle, { on, cuts = Infinity }: ProveOptions): void {
  if (!(cuts >= 1)) {
    throw new RowgateError("usage-invalid", {
      message: `${cuts} cuts prove nothing`,
      hint: "Break off behind at least one statement.",
    });
  }
  if (bundle.undo !== undefined) {
    throw new RowgateError("usage-invalid", {
      message: "a script that goes back cannot be proved by itself",
      hint: "Prove the source, which is taken back and applied again.",
    });
  }
  if (on === undefined && bundle.dialect === "mysql") {
    throw new RowgateError("usage-invalid", {
      message: "MySQL and MariaDB are not embedded, so that a server is needed",
      hint: "Name one with --on mysql://USER@HOST:PORT/DATABASE; databases of its own are made there, and dropped again.",
    });
  }
  if (on?.connection.driver === "pglite") {
    throw new RowgateError("usage-invalid", {
      message: "an embedded database with a directory is no place for scratch databases",
      hint: "Leave the server out: then the proof has an embedded database in memory.",
    });
  }
  if (on !== undefined) {
    checkDialect(on, bundle);
  }
}

/** `PostgreSQL 18`, `MariaDB 10.11`: the same on each host. */
function kindOf(description: string): string {
  const [, product = "", major = "", minor = ""] =
    /^(\S+) (\d+)(?:\.(\d+))?/.exec(description) ?? [];
  const version = product === "PostgreSQL" ? major : `${major}.${minor}`;

  return `${product} ${version}${description.includes("(PGlite)") ? " (PGlite)" : ""}`;
}
