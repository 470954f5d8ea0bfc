/**
 * GTIDs, by which MySQL tells whether a definition was committed: one is chosen and written down
 * before it runs, and the server commits both or none. MariaDB knows none of this.
 */
import type { EvidenceQuestion } from "../../domain/ports.ts";

export const evidence: EvidenceQuestion = {
  // A user who may not choose GTIDs is refused, and MariaDB does not know the variable.
  query:
    "SET SESSION gtid_next = 'AUTOMATIC'; SELECT @@GLOBAL.gtid_mode = 'ON' AND @@GLOBAL.log_bin AND @@SESSION.sql_log_bin AS knows",
  read: ([row]) => (row?.["knows"] === "1" ? "gtid" : "fingerprint"),
};

/** To be sent when a statement has ended: until then the server refuses nearly everything else. */
export const RELEASE = "SET gtid_next = 'AUTOMATIC'";

/**
 * An SQL expression for the UUID of the GTIDs of a database: always the same one, and with the
 * server's in it, because a replica that follows two servers skips a GTID that it has seen.
 */
export const UUID = `(SELECT CONCAT_WS('-', SUBSTR(h, 1, 8), SUBSTR(h, 9, 4), CONCAT('8', SUBSTR(h, 14, 3)), CONCAT('8', SUBSTR(h, 18, 3)), SUBSTR(h, 21, 12)) FROM (SELECT SHA2(CONCAT('rowgate:', @@server_uuid, ':', IF(@@lower_case_table_names = 0, DATABASE(), LOWER(DATABASE()))), 256) AS h) q)`;

/**
 * An SQL expression for the GTID behind the last one of `@rg_uuid`. Numbers without gaps keep the
 * server's set of them short; a definition that fails does not use its number up.
 */
export const NEXT =
  "CONCAT(@rg_uuid, ':', 1 + SUBSTRING_INDEX(SUBSTRING_INDEX(TRIM(TRAILING ':' FROM REGEXP_SUBSTR(@@GLOBAL.gtid_executed, CONCAT(@rg_uuid, ':[0-9:-]+'))), ':', -1), '-', -1))";
