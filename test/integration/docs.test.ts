/** What README.md and docs/ say, held against what the product does. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import type { Command } from "commander";
import { createProgram } from "../../src/cli/program.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import { keysAt } from "../../src/config/schema.ts";
import { RowgateError } from "../../src/domain/errors.ts";
import * as library from "../../src/index.ts";
import { postgresComments } from "../../src/scan/comments.ts";
import { readDirectives } from "../../src/scan/directives.ts";
import { readShortCommand } from "../../src/scan/mysql-command.ts";
import { clientPolicy } from "../../src/scan/mysql-policy.ts";
import { commandPolicy } from "../../src/scan/psql.ts";
import { createMetrics } from "../../src/server/metrics.ts";
import { writeTree } from "../helpers/tree.ts";
import { MemoryView } from "../unit/server/memory-view.ts";
import { createCli } from "./cli-setup.ts";
import { fences, page, pages, ROOT, section } from "./docs-setup.ts";

describe("the links", () => {
  for (const { path, text } of pages) {
    it(`of ${path} lead to files and headings that exist`, async () => {
      const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, to = ""]) => to);
      const results = await Promise.all(links.map((link) => isBroken(path, link)));
      assert.deepEqual(
        links.filter((_, index) => results[index]),
        [],
      );
    });
  }
});

async function isBroken(from: string, link: string): Promise<boolean> {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? new URL(from, ROOT) : new URL(file, new URL(from, ROOT));

  try {
    const text = file.endsWith("/") ? "" : await readFile(target, "utf8");
    return anchor !== undefined && !anchorsOf(text).includes(anchor);
  } catch {
    return true;
  }
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\- _]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe("the pages mention", () => {
  it("every directive", () => {
    const table = section("docs/source.md", "Directives");
    const words = directiveWords();
    assert.ok(words.length > 5);
    assert.deepEqual(
      words.filter((word) => !table.includes(`\n| \`${word}\` |`)),
      [],
    );
  });

  it("every option of every command", () => {
    const sink = { print: () => undefined };
    const program = createProgram(async () => undefined, sink);
    const table =
      page("docs/deploying.md") + page("docs/configuration.md") + page("docs/watching.md");
    const options = allCommands(program).flatMap((command) =>
      command.options.map((option) => option.long ?? option.flags),
    );
    assert.ok(options.length > 30);
    assert.deepEqual(
      [...new Set(options)].filter((option) => !table.includes(`\`${option}\``)),
      [],
    );
  });

  it("the options of each command, and no others", () => {
    const sink = { print: () => undefined };
    const program = createProgram(async () => undefined, sink);
    const shared = new Set([
      "--url",
      "--target",
      "--versions-table",
      "--json",
      "--quiet",
      "--config",
    ]);
    const isOwn = (name: string): boolean => !shared.has(name);
    const text = page("docs/deploying.md") + page("docs/watching.md");

    for (const command of allCommands(program)) {
      const full = nameOf(command);
      const row = new RegExp(`^\\| \`${full}\` \\|(.*)\\|$`, "m").exec(text)?.[1] ?? "";
      const said = [...row.matchAll(/`(--[a-z-]+)`/g)].map(([, name = ""]) => name);
      const real = command.options.map((option) => option.long ?? "");
      assert.deepEqual(said.filter(isOwn).toSorted(), real.filter(isOwn).toSorted(), full);
    }
  });

  it("every key of rowgate.yaml", () => {
    const text = section("docs/configuration.md", "rowgate.yaml");
    const keys = [[], ["targets", "any"], ["defaults"]].flatMap((path) => keysAt(path));
    assert.ok(keys.length > 10);
    assert.deepEqual(
      keys.filter((key) => !text.includes(`\n| \`${key}\` |`)),
      [],
    );
  });

  it("every key below watch", () => {
    const text = page("docs/watching.md");
    const source = ["watch", "sources", "any"];
    const paths = [
      ["watch"],
      ["watch", "notify", "0"],
      source,
      source.concat("credentials"),
      source.concat("verify"),
      source.concat("environments", "any"),
    ];
    const keys = paths.flatMap((path) => keysAt(path));
    assert.ok(keys.length > 40);
    assert.deepEqual(
      keys.filter((key) => !text.includes(`\`${key}\``)),
      [],
    );
  });

  it("every metric, and no others", async () => {
    const options = { version: "1.2.3", now: () => 0 };
    const metrics = await createMetrics(new MemoryView([]), options);
    const real = [...(await metrics.text()).matchAll(/^# TYPE (\S+)/gm)].map(
      ([, name = ""]) => name,
    );
    metrics.close();
    const [, text = ""] = page("docs/watching.md").split("### Metrics");
    const said = [...text.matchAll(/`((?:rowgate|process)_[a-z_]+)/g)].map(([, name = ""]) => name);
    assert.ok(real.length > 20);
    assert.deepEqual(said.toSorted(), real.toSorted());
  });

  it("every variable of the environment", async () => {
    const files = [
      "drivers/pg/settings.ts",
      "drivers/pg/service-file.ts",
      "drivers/mysql2/settings.ts",
      "cli/help.ts",
    ];
    const sources = await Promise.all(
      files.map(async (file) => readFile(new URL(`src/${file}`, ROOT), "utf8")),
    );
    const names = sources.flatMap(
      (text) => text.match(/\bROWGATE_[A-Z_]+|"(?:PG|MYSQL_)[A-Z_]+"/g) ?? [],
    );
    assert.ok(names.length > 20);
    assert.deepEqual(
      [...new Set(names.map((name) => name.replaceAll('"', "")))].filter(
        (name) => !page("docs/configuration.md").includes(`\`${name}\``),
      ),
      [],
    );
  });

  it("every function of the library", () => {
    const functions = Object.entries(library)
      .filter(([name, value]) => typeof value === "function" && /^[a-z]/.test(name))
      .map(([name]) => name);
    assert.deepEqual(
      functions.filter((name) => !page("docs/library.md").includes(`\`${name}`)),
      [],
    );
  });
});

function allCommands(program: Command): readonly Command[] {
  return program.commands.flatMap((command) => [command, ...command.commands]);
}

/** With the name of the command that it is part of. */
function nameOf(command: Command): string {
  const parent = command.parent?.name() ?? "";
  return parent === "rowgate" ? command.name() : `${parent} ${command.name()}`;
}

/** An unknown word's error names all that there are. */
function directiveWords(): readonly string[] {
  try {
    readDirectives("-- rowgate: qqqqqqqqqqqqqqqqqqqqqqqqqqqq\n", "x.sql", postgresComments);
  } catch (error) {
    assert.ok(error instanceof RowgateError);
    return /^Use one of (.*)\.$/.exec(error.hint ?? "")?.[1]?.split(", ") ?? [];
  }
  return assert.fail("the directive exists");
}

/** What a table of client commands says of an action, in its first column. */
const ACTIONS: Readonly<Record<string, (action: string) => boolean>> = {
  followed: (action) => !["drop", "refuse"].includes(action),
  "left out, with a note": (action) => action === "drop",
  refused: (action) => action === "refuse",
};

describe("the table of psql commands", () => {
  const rows = [...section("docs/source.md", "psql commands").matchAll(/^\| (.*?) \| (.*?) \|/gm)];

  it("says what the bundler does", () => {
    let checked = 0;
    for (const [, what = "", commands = ""] of rows) {
      for (const [, name = "", args] of commands.matchAll(/`\\(\S+?)(?: (\S+))?`/g)) {
        assert.equal(ACTIONS[what]?.(commandPolicy(name, args).action), true, `\\${name}: ${what}`);
        checked += 1;
      }
    }
    assert.ok(checked > 60, `${checked} commands`);
  });
});

describe("the table of MySQL client commands", () => {
  const [, part = ""] = section("docs/source.md", "MySQL and MariaDB").split(
    "### MySQL client commands\n",
  );
  const [table = ""] = part.split("\n### ");

  it("says what the bundler does", () => {
    let checked = 0;
    for (const [, what = "", commands = ""] of table.matchAll(/^\| (.*?) \| (.*?) \|/gm)) {
      for (const [, written = "", args = ""] of commands.matchAll(/`(\S+?)(?: (\S+))?`/g)) {
        assert.equal(isTrueOf(what, written, args), true, `${written}: ${what}`);
        checked += 1;
      }
    }
    assert.ok(checked > 40, `${checked} commands`);
  });
});

function isTrueOf(what: string, written: string, args: string): boolean | undefined {
  const name = written.startsWith("\\") ? readShortCommand(written, 0, ";").name : written;

  // Behind a statement they send it.
  return what === "followed" && ["go", "ego"].includes(name)
    ? true
    : ACTIONS[what]?.(clientPolicy(name, args).action);
}

describe("the examples of rowgate.yaml", () => {
  const env = { STAGING_PASSWORD: "x", EU_DATABASE_URL: "postgres://h/d" };

  for (const [index, text] of pages
    .flatMap(({ path }) => fences(path))
    .filter(({ language }) => language === "yaml")
    .map((each) => each.text)
    .entries()) {
    it(`can be read: number ${index + 1}`, () => {
      const config = parseConfig({ path: "/x/rowgate.yaml", name: "rowgate.yaml", text }, env);
      assert.ok(config.targets.size > 0);
    });
  }
});

describe("the page about JSON", () => {
  it("explains every key of every document", async () => {
    const tree = await writeTree({
      "sql/0001_a.sql": "CREATE TABLE a (id int);\n",
      "sql/0002_b.sql": "SELECT nothere;\n",
    });
    const cli = createCli(tree.root);
    const documents = [
      await cli.json(["bundle", "--output", "release.sql"]),
      await cli.json(["plan"]),
      await cli.json(["deploy"]),
      await cli.json(["deploy", "--to", "1"]),
      await cli.json(["status"]),
      await cli.json(["log"]),
      await cli.json(["deploy", "--bogus"]),
    ];
    await tree.close();

    const text = section("docs/deploying.md", "JSON");
    const keys = new Set(documents.flatMap(keysOf));
    assert.ok(keys.size > 30);
    assert.deepEqual(
      [...keys].filter((key) => !text.includes(`\`${key}\``)),
      [],
    );
  });
});

function keysOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap(keysOf);
  }
  return typeof value === "object" && value !== null
    ? [...Object.keys(value), ...Object.values(value).flatMap(keysOf)]
    : [];
}
