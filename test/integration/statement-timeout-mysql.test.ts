import assert from "node:assert/strict";
import { it } from "node:test";
import { buildBundle, createTarget, deploy } from "../../src/rowgate.ts";
import type { TestScript } from "../helpers/scripts.ts";
import { type ByHand, describeByHand, RECEIPT } from "./script-by-hand-mysql-setup.ts";

/** Of a name that each server has for it, in its unit. */
const LIMIT = { mariadb: "@@max_statement_time", mysql: "@@max_execution_time" } as const;
const VALUES = { mariadb: "2 0.3, 3 0", mysql: "2 300, 3 0" } as const;

const limited = (variable: string): Readonly<Record<string, string>> => ({
  "0001_table.sql": "CREATE TABLE seen (block int, limited text);\n",
  "0002_limited.sql": `-- rowgate: statement-timeout 300ms\nINSERT INTO seen VALUES (2, ${variable});\n`,
  "0003_free.sql": `INSERT INTO seen SELECT 3, ${variable} FROM DUAL WHERE SLEEP(0.5) = 0;\n`,
});

const SLOW = {
  "0001_table.sql": "CREATE TABLE seen (block int);\n",
  "0002_slow.sql":
    "-- rowgate: statement-timeout 100ms\nINSERT INTO seen VALUES (1);\nSELECT SUM(SLEEP(1)) FROM information_schema.collations;\n",
};

/** The message that the run failed with; empty when it went through. */
type Run = (hand: ByHand, script: TestScript) => Promise<string>;

const WAYS: Readonly<Record<string, Run>> = {
  "the native client": async (hand, script) => {
    const result = await hand.run(script);
    return RECEIPT.test(result.stdout) ? "" : result.stderr;
  },
  "the deployer": async (hand, { root }) => {
    const bundle = await buildBundle(root, { dialect: "mysql" });
    const [report] = await deploy(bundle, [createTarget(hand.db.url)], {
      signal: AbortSignal.timeout(20_000),
    });
    return report?.error?.message ?? "";
  },
};

describeByHand("a block's own statement-timeout", (hand) => {
  for (const [way, run] of Object.entries(WAYS)) {
    it(`holds for the block and not for the next, by ${way}`, async () => {
      const { kind } = hand.engine;
      const said = await run(hand, await hand.script(limited(LIMIT[kind])));

      assert.equal(said, "");
      assert.equal(await hand.values("seen"), VALUES[kind]);
    });

    it(`ends a statement when it takes longer, by ${way}`, async () => {
      const said = await run(hand, await hand.script(SLOW));

      assert.match(said, /Query execution was interrupted.*max/);
      assert.equal(await hand.values("seen"), "1");
      // The native client does not write down what it was told.
      assert.match(await hand.history(), /^1 applied 1\/1, 2 (failed|running) 1\/2$/);
    });
  }
});
