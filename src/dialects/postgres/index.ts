/** PostgreSQL, and PGlite, which is PostgreSQL. */
import type { Dialect } from "../../domain/ports.ts";
import { placePrefix } from "../../scan/place-prefix.ts";
import { countQuery, CUT } from "../catalog.ts";
import { markText } from "../mark.ts";
import { catalogQuery } from "./catalog.ts";
import { claimQuery, failureQuery, stepQuery } from "./claim.ts";
import { clashesWith, errorCode, hintFor, parseEvent } from "./errors.ts";
import { locate } from "./locate.ts";
import { INVALID_INDEXES, outcomeQuery } from "./broken-off.ts";
import { postgresObjects } from "./made-objects.ts";
import { literal } from "./quoting.ts";
import { scriptOf } from "./script.ts";
import { columnsQuery, textsQuery } from "./foreign-tables.ts";
import { isFilledQuery, tableSizesQuery } from "./table-sizes.ts";
import { markOpening, transactionPackets } from "./transaction.ts";
import { historyQuery, logQuery, parseHistory, parseLog, tableName } from "./versions-table.ts";

export const postgresDialect: Dialect = {
  name: "postgres",
  historyQuery,
  parseHistory,
  isUnclosed: () => false,
  logQuery,
  parseLog,
  packets: (bundle, blocks, options) =>
    transactionPackets(bundle, blocks, { ...options, procedure: undefined, markers: false }),
  evidence: undefined,
  definitions: undefined,
  objects: postgresObjects,
  counting: { opening: "BEGIN; SET LOCAL lock_timeout = '2s'", closing: "ROLLBACK" },
  claim: {
    take: (versions, bundle, { block, run }) =>
      claimQuery(
        versions,
        { bundle, block },
        { run: literal(run), prefix: "", checked: undefined },
      ),
    progress: (versions, { block, run }, done) =>
      stepQuery(versions, { block, run: literal(run) }, { step: "progress", done }),
    finish: (versions, { release }, { block, run }) =>
      stepQuery(versions, { block, run: literal(run), release }, { step: "finish" }),
    fail: (versions, { block, run }, detail) =>
      stepQuery(versions, { block, run: literal(run) }, { step: "fail", detail }),
    invalidIndexesQuery: INVALID_INDEXES,
    outcomeQuery,
  },
  logFailure: (versions, bundle, { block, detail }) =>
    failureQuery(versions, bundle, { id: block.id, checksum: block.checksum, detail }),
  stoppedQuery: undefined,
  markOpening,
  markText: (versions, marks, release) =>
    markText(
      {
        table: tableName(versions),
        log: tableName(versions, "_log"),
        release: "release",
        literal,
        now: "clock_timestamp()",
        user: "session_user",
        settle: "",
      },
      marks,
      release,
    ),
  joined: undefined,
  verifyText: (assertion) => placePrefix(assertion) + assertion.text,
  markClosing: "COMMIT",
  columnsQuery,
  textsQuery,
  tableSizesQuery,
  isFilledQuery,
  catalogQuery,
  countQuery: (tables) => countQuery(tables, literal),
  cutText: (embedded) =>
    embedded
      ? `SELECT '${CUT}'::int`
      : "SELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid())",
  blockersQuery: `SELECT DISTINCT ON (a.xact_start, a.pid) format('pid %s, user %s, application %s, %s since %s, holds a lock on %s', a.pid, a.usename, a.application_name, a.state, date_trunc('second', a.xact_start), l.relation::regclass) AS description
FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.granted AND l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.pid <> pg_backend_pid() AND l.relation >= 16384
ORDER BY a.xact_start, a.pid LIMIT 5`,
  script: scriptOf,
  parseEvent,
  errorCode,
  hintFor,
  clashesWith,
  locate,
  recall: undefined,
};
