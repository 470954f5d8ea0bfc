/** A session that stays open, to hold what it has taken. */
import type { TestDatabase } from "./engines.ts";

export interface OpenSession {
  end(): Promise<void>;
}

/** Runs `sql` in a new session on the database's server; what it locks is locked until `end`. */
export function openSession(db: TestDatabase, sql: string): Promise<OpenSession> {
  return db.engine.dialect === "mysql" ? openMysql(db, sql) : openPostgres(db, sql);
}

async function openPostgres({ url }: TestDatabase, sql: string): Promise<OpenSession> {
  const { Client } = await import("pg");
  const client = new Client(url);
  await client.connect();
  await client.query(sql);

  return { end: () => client.end() };
}

async function openMysql({ url }: TestDatabase, sql: string): Promise<OpenSession> {
  const { createConnection } = await import("mysql2/promise");
  const connection = await createConnection({ uri: url, multipleStatements: true });
  await connection.query(sql);

  return { end: () => connection.end() };
}
