/** Names of tables as the rules compare them. */
import type { MysqlName } from "../mysql-names.ts";

/** `schema.name`, or the name alone; empty for none. */
export function tableOf(name: MysqlName | undefined): string {
  return name === undefined
    ? ""
    : [name.schema, name.name].filter((part) => part !== undefined).join(".");
}
