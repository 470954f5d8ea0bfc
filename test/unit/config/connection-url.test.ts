import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseDatabaseUrl, secretsOf } from "../../../src/config/connection-url.ts";

/** Dialect, driver, and the URL as the driver gets it. */
function briefly(url: string): readonly unknown[] {
  const { dialect, connection } = parseDatabaseUrl(url, "/base");

  return [dialect, connection.driver, "url" in connection ? connection.url.reveal() : undefined];
}

describe("a database URL", () => {
  for (const url of ["postgres://u@h/d", "postgresql://h", "POSTGRES://h/d"]) {
    it(`${url} is a server`, () => {
      assert.deepEqual(briefly(url), ["postgres", "pg", url]);
    });
  }

  for (const url of ["mysql://u:p@h/d", "MARIADB://h/d?socket=/run/my.sock"]) {
    it(`${url} is a MySQL or MariaDB server`, () => {
      assert.deepEqual(briefly(url), ["mysql", "mysql2", url]);
    });
  }

  for (const [url, directory] of [
    ["pglite:db", "/base/db"],
    ["pglite:./a/b", "/base/a/b"],
    ["pglite:/abs/db", "/abs/db"],
    ["pglite:///abs/db", "/abs/db"],
  ] as const) {
    it(`${url} is an embedded PostgreSQL`, () => {
      assert.deepEqual(parseDatabaseUrl(url, "/base").connection, { driver: "pglite", directory });
    });
  }

  for (const [url, code] of [
    ["sqlite:canary.db", "usage-invalid"],
    ["pglite:", "usage-invalid"],
    ["pglite://canary/db", "usage-invalid"],
    ["canary@h/d", "usage-invalid"],
    ["", "usage-invalid"],
  ] as const) {
    it(`${url} is refused, and not repeated`, () => {
      assert.throws(
        () => parseDatabaseUrl(url, "/base"),
        (error: Error & { code?: string }) =>
          error.code === code && !error.message.includes("canary"),
      );
    });
  }
});

describe("the secrets of a URL", () => {
  for (const [url, secrets] of [
    ["postgres://u:pw@h/d", ["pw"]],
    ["postgres://u:p%40w@h/d", ["p%40w", "p@w"]],
    ["postgres://u:p@w@h/d", ["p@w"]],
    ["postgres://u:50%@h/d", ["50%"]],
    ["postgres://h/d?user=u&password=p%20w&sslpassword=x", ["p%20w", "p w", "x"]],
    ["postgres://u@h/d", []],
    ["pglite:db", []],
    ["", []],
  ] as const) {
    it(`${url} has ${secrets.length}`, () => {
      assert.deepEqual(secretsOf(url), secrets);
    });
  }
});
