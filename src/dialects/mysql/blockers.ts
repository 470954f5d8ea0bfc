/** Who stands in the way of a statement that waits for a lock. */

/**
 * Other sessions in this database that are at work, or have been idle in it the shortest: neither
 * server tells everybody who holds a lock. Of other users' sessions it shows what the own user may see.
 */
export const BLOCKERS = `SELECT CONCAT('connection ', p.id, ', user ', p.user, '@', p.host, ', ', LOWER(p.command), ' for ', p.time, ' s') AS description
FROM /*!80022 performance_schema. *//*M! information_schema. */processlist p
WHERE p.db = DATABASE() AND p.id <> CONNECTION_ID()
ORDER BY p.command = 'Sleep', p.time DESC LIMIT 5`;
