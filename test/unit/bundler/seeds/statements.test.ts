import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readTree } from "../../../../src/bundler/read-tree.ts";
import type { CopyPiece } from "../../../../src/domain/block.ts";
import { countedBy } from "../../../../src/domain/seed.ts";
import { matchesGolden } from "../../../helpers/golden.ts";
import { writeTree } from "../../../helpers/tree.ts";

const SEED = `# rowgate: table geo."Länder"
# rowgate: key code, since
# rowgate: delete where since < '2000-01-01'
code,since,name,"odd ""name"""
DE,1990-10-03,Deutschland,
CH,1291-08-01,"Schweiz, ""CH""",""
X,2001-01-01,"C:\\\\ */ 'x'
second line",y
`;

for (const dialect of ["postgres", "mysql"] as const) {
  describe(`the statements of a seed for ${dialect}`, () => {
    it("are these", async () => {
      const texts = await statementsOf(dialect);
      const golden = new URL(`${dialect}.golden.sql`, import.meta.url);

      await matchesGolden(`${texts.join("\n")}\n`, golden);
    });

    it("can be counted where they change the table", async () => {
      const counted = (await statementsOf(dialect)).flatMap((text) => countedBy(text) ?? []);

      assert.deepEqual(
        counted.map(({ kind }) => kind),
        ["deleted", "updated", "inserted"],
      );
    });
  });
}

async function statementsOf(dialect: "postgres" | "mysql"): Promise<readonly string[]> {
  const tree = await writeTree({ "seeds/land.csv": SEED });
  const options = { dialect, release: "1.0", variables: {}, syntaxCheck: true };
  const bundle = await readTree(tree.root, options);
  const texts: string[] = [];

  for (const block of await bundle.compile(bundle.blocks)) {
    for await (const piece of block.pieces()) {
      texts.push(piece.text, ...(piece.kind === "copy" ? [await dataOf(piece)] : []));
    }
  }
  await tree.close();
  return texts;
}

async function dataOf(piece: CopyPiece): Promise<string> {
  let data = "";

  for await (const chunk of piece.data()) {
    data += chunk;
  }
  return data.replace(/\n$/u, "");
}
