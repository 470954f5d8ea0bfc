/** `rowgate init`: a few questions → a rowgate.yaml with comments. */
import { mkdir, stat, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { firstConfig, type FirstConfig } from "../../config/first-config.ts";
import type { DialectName } from "../../domain/bundle.ts";
import { RowgateError } from "../../domain/errors.ts";
import type { CommandContext } from "../command-context.ts";
import type { CommandResult } from "../command-result.ts";

const FILE = "rowgate.yaml";

/** Where tools keep their files, the likeliest first. */
const USUAL = [
  "sql",
  "db/migrations",
  "migrations",
  "prisma/migrations",
  "src/main/resources/db/migration",
  "db",
];

export async function init(context: CommandContext): Promise<CommandResult> {
  const { io, output } = context;
  const directory = resolve(io.directory, context.source ?? ".");
  const file = join(directory, FILE);
  const shown = relative(io.directory, file);

  if (await isThere(file)) {
    throw alreadyThere(shown);
  }
  const config = await askAll(context, directory);
  await write(file, shown, firstConfig(config));
  output.result(`wrote ${shown}`);

  if (!(await isThere(join(directory, config.source)))) {
    output.progress(
      `next: rowgate new "first table"   writes ${config.source}/0001_first_table.sql`,
    );
  }
  return { targets: [], more: { file: shown } };
}

async function askAll(context: CommandContext, directory: string): Promise<FirstConfig> {
  const { io } = context;
  const found = await firstOf(directory, USUAL);
  const source = await answer(context, "Directory of the SQL files", found ?? "sql");
  const dialect = dialectOf(await answer(context, "Database: postgres or mysql", "postgres"));
  const known = io.env["DATABASE_URL"] === undefined ? undefined : "DATABASE_URL";
  const isEmbedded = known === undefined && dialect === "postgres";
  const variable = await answer(
    context,
    `Environment variable with its URL${isEmbedded ? " (none: an embedded PostgreSQL)" : ""}`,
    isEmbedded ? "" : "DATABASE_URL",
  );

  return { source, dialect, urlEnv: variable === "" ? undefined : checkedName(variable) };
}

/** What the person says or, without one or an answer, what is usual. */
async function answer(
  { io, options }: CommandContext,
  question: string,
  usual: string,
): Promise<string> {
  if (options.yes === true || options.json === true || io.ask === undefined) {
    return usual;
  }
  const said = await io.ask(`${question}${usual === "" ? "" : ` [${usual}]`}: `);

  return said.trim() === "" ? usual : said.trim();
}

function dialectOf(answered: string): DialectName {
  const name = answered.toLowerCase();

  if (name === "postgres" || name === "postgresql") {
    return "postgres";
  }
  if (name === "mysql" || name === "mariadb") {
    return "mysql";
  }
  throw new RowgateError("usage-invalid", {
    message: `there is no database ${JSON.stringify(answered)}`,
    hint: "Say postgres, or mysql, which is MariaDB, too.",
  });
}

/** A URL may hold a password, so that it is not repeated. */
function checkedName(variable: string): string {
  if (!/^[A-Za-z_]\w*$/u.test(variable)) {
    throw new RowgateError("usage-invalid", {
      message: "that is not the name of an environment variable",
      hint: "Give its name, such as DATABASE_URL, and not the URL itself: no password belongs into the file.",
    });
  }
  return variable;
}

async function firstOf(directory: string, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    if (await isThere(join(directory, path))) {
      return path;
    }
  }
  return undefined;
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function write(file: string, shown: string, text: string): Promise<void> {
  try {
    await mkdir(resolve(file, ".."), { recursive: true });
    await writeFile(file, text, { flag: "wx" });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") {
      throw alreadyThere(shown);
    }
    throw new RowgateError("file-unreadable", {
      message: `${shown} cannot be written: ${String(error)}`,
      hint: "Check the directory and its permissions.",
      cause: error,
    });
  }
}

function alreadyThere(shown: string): RowgateError {
  return new RowgateError("usage-invalid", {
    message: `${shown} is there already`,
    hint: "Change it by hand, or remove it first.",
  });
}
