/** The files of docs/service are for users to copy: what they run and configure must exist. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { parseAllDocuments } from "yaml";
import { createProgram, type Invocation } from "../../src/cli/program.ts";
import { parseConfig } from "../../src/config/parse-config.ts";

const folder = new URL("../../docs/service/", import.meta.url);

async function invocationOf(command: readonly string[]): Promise<Invocation | undefined> {
  let found: Invocation | undefined;
  const program = createProgram(
    async (invocation) => {
      found = invocation;
    },
    { print: () => undefined },
  );
  await program.parseAsync(command.slice(1), { from: "user" });
  return found;
}

describe("the unit for systemd", async () => {
  const text = await readFile(new URL("rowgate-watch.service", folder), "utf8");
  const valueOf = (key: string): string => new RegExp(`^${key}=(.*)$`, "m").exec(text)?.[1] ?? "";

  it("has the three sections, and keys with values", () => {
    const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    assert.deepEqual(
      lines.filter((line) => line.startsWith("[")),
      ["[Unit]", "[Service]", "[Install]"],
    );
    assert.deepEqual(
      lines.filter((line) => !line.startsWith("[") && !/^[A-Z][A-Za-z]+=/.test(line)),
      [],
    );
  });

  it("runs a command that exists", async () => {
    const { command, options } = (await invocationOf(valueOf("ExecStart").split(" "))) ?? {};
    assert.equal(command, "watch");
    assert.equal(options?.logFormat, "json");
  });
});

describe("the manifest for Kubernetes", async () => {
  const text = await readFile(new URL("rowgate-watch.k8s.yaml", folder), "utf8");
  const documents = parseAllDocuments(text, { version: "1.1" });

  it("is YAML, of three objects", () => {
    assert.deepEqual(
      documents.map((each) => [each.errors.length, each.get("kind")]),
      [
        [0, "ConfigMap"],
        [0, "Service"],
        [0, "StatefulSet"],
      ],
    );
  });

  it("has settings that can be read, and a store that is kept", () => {
    const settings = String(documents[0]?.getIn(["data", "rowgate.yaml"]));
    const file = { path: "/etc/rowgate/rowgate.yaml", name: "rowgate.yaml", text: settings };
    const { watch } = parseConfig(file, {});
    const path = ["spec", "template", "spec", "containers", 0, "volumeMounts", 0, "mountPath"];
    const kept = String(documents[2]?.getIn(path));
    assert.ok(watch);
    assert.ok(watch.store.startsWith(`${kept}/`));
    assert.equal(watch.listen?.port, 8420);
  });

  it("runs a command that exists, as one replica", async () => {
    const path = ["spec", "template", "spec", "containers", 0, "args"];
    const args = documents[2]?.getIn(path) as { toJSON: () => string[] };
    assert.equal((await invocationOf(args.toJSON()))?.command, "watch");
    assert.equal(documents[2]?.getIn(["spec", "replicas"]), 1);
  });
});
