/** The forms in which a tree is deployed to MariaDB and MySQL. */
import { readFile } from "node:fs/promises";
import { mysqlDialect } from "../../../src/dialects/mysql/index.ts";
import type { Dialect, Packet } from "../../../src/domain/ports.ts";
import type { FaultTree } from "../trees.ts";

export interface Form {
  readonly name: string;
  readonly tree: FaultTree;
  /** What the native client reads. */
  readonly text: string;
  /** What the deployer gets its packets from. */
  readonly dialect: Dialect;
}

/** As Rowgate makes it. */
export async function plainForm(tree: FaultTree): Promise<Form> {
  return {
    name: tree.name,
    tree,
    text: await readFile(tree.script, "utf8"),
    dialect: mysqlDialect,
  };
}

/** The same form with other texts; `writer` is asked for anew by each client and each try. */
export function rewritten(form: Form, writer: () => (text: string) => string): Form {
  return {
    ...form,
    text: writer()(form.text),
    dialect: {
      ...form.dialect,
      async *packets(...given): AsyncGenerator<Packet> {
        const write = writer();

        for await (const packet of form.dialect.packets(...given)) {
          yield packet.kind === "sql" ? { ...packet, text: write(packet.text) } : packet;
        }
      },
    },
  };
}

/**
 * With a pause before and after each statement, so that most kills hit the moments in which a
 * statement is done and the ledger does not say so yet, which are short otherwise.
 */
export function pausing(form: Form): Form {
  return { ...rewritten(form, () => pausingText), name: `${form.name} with pauses` };
}

function pausingText(text: string): string {
  return text
    .replaceAll(/^( *CALL rowgate_intent\(.*\);)$/gm, "$1 DO SLEEP(0.004);")
    .replaceAll("\n;\n", "\n;\nDO SLEEP(0.008);\n");
}
