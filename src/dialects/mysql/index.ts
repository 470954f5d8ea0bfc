/** MySQL and MariaDB: one script and one ledger for both. */
import type { Block } from "../../domain/block.ts";
import type { Packet, Dialect } from "../../domain/ports.ts";
import type { MysqlDefinition } from "../../scan/mysql-finding.ts";
import { verifyText } from "./assertion-text.ts";
import { clashesWith, errorCode, hintFor, parseEvent } from "./errors.ts";
import { evidence } from "./gtid.ts";
import { recall } from "./recall.ts";
import { ledgerPackets } from "./packets.ts";
import { scriptOf } from "./script.ts";
import { BLOCKERS } from "./blockers.ts";
import { countQuery } from "../catalog.ts";
import { markText } from "../mark.ts";
import { catalogQuery } from "./catalog.ts";
import { literal } from "./quoting.ts";
import { columnsQuery, textsQuery } from "./foreign-tables.ts";
import { isFilledQuery, tableSizesQuery } from "./table-sizes.ts";
import { markOpening } from "./frame.ts";
import { failureQuery, stoppedQuery } from "./failure.ts";
import { joinedStatements, ledgerOf, statementsOf } from "./units.ts";
import { mysqlObjects } from "./made-objects.ts";
import { definitionIn, definitionQueries, grantQueries, grantsIn } from "./objects.ts";
import { plainMark } from "./unit-text.ts";
import {
  historyQuery,
  isUnclosed,
  logQuery,
  parseHistory,
  parseLog,
  tableName,
} from "./versions-table.ts";

async function madeBy(block: Block): Promise<readonly MysqlDefinition[]> {
  return (await ledgerOf(await statementsOf(block), block.kind)).makes;
}

export const mysqlDialect: Dialect = {
  name: "mysql",
  historyQuery,
  parseHistory,
  isUnclosed,
  logQuery,
  parseLog,
  async *packets(bundle, blocks, options): AsyncGenerator<Packet> {
    const packets = ledgerPackets(bundle, blocks, {
      ...options,
      mark: (_block, piece, text) => plainMark(piece, text),
      forPeople: false,
    });

    for await (const { text, files } of packets) {
      yield { kind: "sql", text, files };
    }
  },
  claim: undefined,
  definitions: {
    queries: async (block) => definitionQueries(await madeBy(block)),
    read: definitionIn,
    grantQueries: async (block) => grantQueries(await madeBy(block)),
    readGrants: grantsIn,
  },
  objects: mysqlObjects,
  counting: {
    opening: "SET SESSION lock_wait_timeout = 2",
    closing: "DROP TEMPORARY TABLE IF EXISTS rowgate_seed",
  },
  evidence,
  logFailure: failureQuery,
  stoppedQuery,
  markOpening,
  markText: (versions, marks, release) =>
    markText(
      {
        table: tableName(versions),
        log: tableName(versions, "_log"),
        release: "`release`",
        literal,
        now: "UTC_TIMESTAMP(6)",
        user: "USER()",
        settle: ", intent = NULL, place = NULL, objects = NULL, probe = NULL, gtid = NULL",
      },
      marks,
      release,
    ),
  verifyText,
  markClosing: "COMMIT; DO RELEASE_LOCK(@rg_lock)",
  columnsQuery,
  textsQuery,
  tableSizesQuery,
  isFilledQuery,
  catalogQuery,
  countQuery: (tables) => countQuery(tables, literal),
  joined: joinedStatements,
  cutText: () => "KILL CONNECTION_ID()",
  blockersQuery: BLOCKERS,
  script: scriptOf,
  parseEvent,
  errorCode,
  hintFor,
  clashesWith,
  // Without the session's memory nothing tells.
  locate: () => undefined,
  recall,
};
