/** The command line without any server: help, wrong usage, wrong settings, the embedded default. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { matchesGolden } from "../helpers/golden.ts";
import { writeTree, type TestTree } from "../helpers/tree.ts";
import { type Cli, createCli, onlyTarget } from "./cli-setup.ts";

let tree: TestTree;
let cli: Cli;

before(async () => {
  tree = await writeTree({
    "app/sql/1_a.sql": "CREATE TABLE a (a int);\n",
    "app/package.json": '{ "version": "1.4.2" }',
    "bad/rowgate.yaml": "source: sql\ntargets:\n  prod:\n    ulr: x\n",
    "empty/readme.txt": "nothing",
  });
  cli = createCli(`${tree.root}/app`);
});
after(async () => {
  await tree.close();
});

describe("help", () => {
  for (const args of [
    ["--help"],
    ["adopt", "--help"],
    ["bundle", "--help"],
    ["deploy", "--help"],
    ["log", "--help"],
    ["verify", "--help"],
  ]) {
    it(`of rowgate ${args.join(" ")} is as written`, async () => {
      const result = await cli.run(args);
      const name = args.length === 1 ? "rowgate" : String(args[0]);
      assert.equal(result.code, 0);
      assert.equal(result.stderr, "");
      await matchesGolden(result.stdout, new URL(`golden/help-${name}.txt`, import.meta.url));
    });
  }

  it("is the same by the help command", async () => {
    const [first, second] = [await cli.run(["help", "plan"]), await cli.run(["plan", "-h"])];
    assert.equal(first.stdout, second.stdout);
    assert.equal(first.code, 0);
  });
});

describe("wrong usage", () => {
  for (const { args, message, hint } of [
    { args: ["deploi"], message: "unknown command 'deploi'", hint: "Did you mean deploy?" },
    {
      args: ["deploy", "--ulr", "x"],
      message: "unknown option '--ulr'",
      hint: "Did you mean --url?",
    },
    { args: ["plan", "a", "b"], message: "too many arguments for 'plan'", hint: "See " },
    { args: ["bundle", "--dialect", "oracle"], message: "'oracle' is invalid", hint: "See " },
    { args: ["log", "--limit", "0"], message: "'0' is invalid", hint: "See " },
    { args: ["deploy", "--lock-wait", "soon"], message: '--lock-wait is "soon"', hint: "Write " },
    { args: ["deploy", "--url", "oracle://h"], message: 'scheme "oracle:"', hint: "Write " },
    { args: ["deploy", "--target", "prod"], message: 'no target "prod"', hint: "Add it " },
    { args: ["adopt", "--from", "flywya"], message: "the tool flywya is not known", hint: "Give " },
    {
      args: ["adopt", "--from", "goose", "--to", "1"],
      message: "--to is for a database that was built by hand",
      hint: "Give one ",
    },
    { args: ["adopt", "--from-table", "t"], message: "the table t is of no tool", hint: "Give " },
    { args: ["deploy", "nowhere"], message: "there is no source nowhere", hint: "Name " },
    { args: ["deploy", "--to", "9"], message: "the bundle has no block 9", hint: "Name " },
    {
      args: ["bundle", "--output", "no/such/dir.sql"],
      message: "cannot write no/such/dir.sql: it does not exist",
      hint: "Name ",
    },
    {
      args: ["bundle", "sql", "--dialect", "mysql", "--form", "procedure", "--output", "x.sql"],
      message: "a script for MySQL has one form",
      hint: "Build ",
    },
  ]) {
    it(`has status 2: rowgate ${args.join(" ")}`, async () => {
      const text = await cli.run(args);
      assert.equal(text.code, 2);
      assert.ok(text.stderr.includes(message), text.stderr);
      assert.ok(text.stderr.includes(`hint: ${hint}`), text.stderr);

      const { error, targets } = await cli.json(args);
      const failure = error ?? targets[0]?.error;
      assert.ok(failure?.message.includes(message), failure?.message);
    });
  }

  it("is to give no command", async () => {
    const result = await cli.run([]);
    assert.equal(result.code, 2);
    assert.match(result.stderr, /^error \[usage-invalid\]: no command was given\n/);
  });

  it("is to want JSON and the script on one stream", async () => {
    const { exitCode, error } = await cli.json(["bundle", "sql"]);
    assert.equal(exitCode, 2);
    assert.match(error?.message ?? "", /cannot both go to standard output/);
  });
});

describe("a password in the wrong place", () => {
  for (const { args, message } of [
    { args: ["plan", "postgres://u:canary@h/d"], message: "the source is a postgres: URL" },
    { args: ["deploy", "mysql://u:can/ary@h/d"], message: "the source is a mysql: URL" },
    { args: ["status", "pglite:canary"], message: "the source is a pglite: URL" },
    { args: ["plan", "postgres:/u:canary@h/d"], message: "there is no source postgres:/u:***@h/d" },
    { args: ["postgres://u:can/ary@h/d"], message: "unknown command 'postgres://u:***@h/d'" },
    { args: ["plan", "--ulr=postgres://u:can/ary@h/d"], message: "unknown option" },
    { args: ["plan", "sql", "postgres://u:canary@h/d"], message: "too many arguments" },
  ]) {
    it(`has status 2 and is not repeated: rowgate ${args.join(" ")}`, async () => {
      for (const more of [[], ["--json"]]) {
        const result = await cli.run([...args, ...more]);
        const said = result.stdout + result.stderr;
        assert.equal(result.code, 2);
        assert.ok(said.includes(message), said);
        assert.doesNotMatch(said, /can\/?ary/);
      }
    });
  }

  it("is a setting like any other", async () => {
    const result = await cli.run(["plan"], { env: { ROWGATE_SOURCE: "postgres://u:canary@h/d" } });
    assert.equal(result.code, 2);
    assert.match(result.stderr, /hint: Give the database with --url URL/);
    assert.doesNotMatch(result.stderr, /canary/);
  });
});

describe("settings", () => {
  it("that are wrong are refused at their place", async () => {
    const result = await cli.run(["status"], { cwd: `${tree.root}/bad` });
    assert.equal(result.code, 2);
    assert.match(
      result.stderr,
      /^rowgate\.yaml:4:5: error \[config-invalid\]: unknown key "targets\.prod\.ulr"\n/,
    );
  });

  it("that are named must be there", async () => {
    const { error, exitCode } = await cli.json(["status", "--config", "no.yaml"]);
    assert.equal(exitCode, 2);
    assert.equal(error?.code, "config-missing");
  });

  it("need a source where there is no sql/", async () => {
    const { error } = await cli.json(["plan"], { cwd: `${tree.root}/empty` });
    assert.equal(error?.code, "source-missing");
  });
});

describe("without any database", () => {
  it("the embedded PostgreSQL is used, and the first line says so", async () => {
    const first = await cli.run(["deploy"]);
    assert.equal(first.code, 0);
    assert.equal(
      first.stderr.split("\n")[0],
      "no database configured: using the embedded PostgreSQL in .rowgate/pglite",
    );
    assert.match(first.stdout, /^embedded: deployed 1 block in /);

    const status = onlyTarget(await cli.json(["status"]));
    assert.equal(status.name, "embedded");
    assert.deepEqual(status.applied, ["1"]);
  });

  it("the release is the version of package.json", async () => {
    const { bundle } = await cli.json(["bundle", "--output", "r.sql"]);
    assert.equal((bundle as { release?: unknown }).release, "1.4.2");
  });
});
