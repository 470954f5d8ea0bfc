/** The form that Rowgate must not have: to show that the faults bite where nothing guards against them. */
import { mysqlDialect } from "../../../src/dialects/mysql/index.ts";
import { literal } from "../../../src/dialects/mysql/quoting.ts";
import type { Block } from "../../../src/domain/block.ts";
import { gateText } from "../../../src/scan/mysql-gate.ts";
import type { FaultTree } from "../trees.ts";
import type { Form } from "./forms.ts";

/**
 * Each block in a gate of its own, and a row in `versions` behind its last statement: no statement is
 * counted, and none is announced. A lock keeps the next run from beginning while a killed client's
 * session goes on, so that this is not what it fails by.
 */
export async function naiveForm(tree: FaultTree): Promise<Form> {
  const blocks = await tree.bundle.compile(tree.bundle.blocks);
  const packets = await Promise.all(blocks.map(packetOf));

  return {
    name: `naive ${tree.name}`,
    tree,
    text: ["DELIMITER $$", BEGIN, ...packets].join("\n"),
    dialect: mysqlDialect,
  };
}

const BEGIN = `SET NAMES utf8mb4;
SET @shut = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES'), @open = @@sql_mode;
DO GET_LOCK(CONCAT('naive:', SHA2(DATABASE(), 224)), 600);
CREATE TABLE IF NOT EXISTS versions (
  id varchar(255) NOT NULL PRIMARY KEY,
  checksum varchar(80) NOT NULL,
  position integer NOT NULL,
  state varchar(8) NOT NULL DEFAULT 'applied',
  intent integer,
  note text
) CHARACTER SET utf8mb4$$`;

async function packetOf(block: Block): Promise<string> {
  const [id, checksum] = [literal(block.id), literal(block.checksum)];
  const texts: string[] = [];

  for await (const { text } of block.pieces()) {
    const gate = gateText(text);
    texts.push(`${"text" in gate ? gate.text : text}\n;\n`);
  }

  return `SET sql_mode = IF((SELECT COUNT(*) FROM versions WHERE id = ${id}), @shut, @open); DO '\\' /*';
${texts.join("")}INSERT INTO versions (id, checksum, position) VALUES (${id}, ${checksum}, ${block.position});
DO 0 /*!*/; SET sql_mode = @open$$`;
}
