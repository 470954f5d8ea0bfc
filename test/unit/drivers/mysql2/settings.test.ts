import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RowgateError } from "../../../../src/domain/errors.ts";
import {
  resolveMysqlSettings,
  type MysqlSettings,
} from "../../../../src/drivers/mysql2/settings.ts";
import { isVerified, tlsAttempts } from "../../../../src/drivers/mysql2/tls.ts";
import type { Surroundings } from "../../../../src/drivers/surroundings.ts";

const SECRET = "canary-4711";

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly mode?: number;
}

function around({ env = {}, files = {}, mode = 0o600 }: Given = {}): Surroundings {
  return {
    env,
    home: "/home/ann",
    osUser: "ann",
    readFile: (path) => files[path],
    exists: (path) => path in files,
    modeOf: (path) => (path in files ? mode : undefined),
  };
}

function resolved(url: string, given?: Given): MysqlSettings {
  return resolveMysqlSettings(url, around(given));
}

function place({ user, password, host, port, socket, database }: MysqlSettings): string {
  return `${user}:${password ?? ""}@${socket ?? `${host}:${port}`}/${database}`;
}

function refusal(url: string, given?: Given): RowgateError {
  try {
    resolved(url, given);
  } catch (error) {
    assert.ok(error instanceof RowgateError);
    assert.doesNotMatch(error.message + String(error.hint), new RegExp(SECRET));
    return error;
  }
  return assert.fail(`no error for ${url}`);
}

describe("the settings of a MySQL connection", () => {
  const places = [
    ["mysql://bob:pw@db:7000/shop", "bob:pw@db:7000/shop"],
    ["mariadb://bob@db/shop", "bob:@db:3306/shop"],
    ["mysql://localhost/shop", "ann:@localhost:3306/shop"],
    ["mysql:///shop", "ann:@localhost:3306/shop"],
    ["mysql://:7/shop", "ann:@localhost:7/shop"],
    ["mysql:///shop?socket=/run/my.sock", "ann:@/run/my.sock/shop"],
    ["mysql://db/shop?socket=%2Frun%2Fmy.sock", "ann:@/run/my.sock/shop"],
    ["mysql://[::1]:7/shop", "ann:@::1:7/shop"],
    ["MYSQL://b%40b:p%2F%40%3Aw@db/sh%20op", "b@b:p/@:w@db:3306/sh op"],
    ["mysql://bob:p@ss:w@db/shop", "bob:p@ss:w@db:3306/shop"],
    ["mysql://db/shop?USER=bob&password=p%26w&port=8", "bob:p&w@db:8/shop"],
    ["mysql://db/shop?charset=utf8mb4&serverVersion=8.0&connection_limit=5", "ann:@db:3306/shop"],
  ] as const;

  for (const [url, expected] of places) {
    it(`of ${url} are ${expected}`, () => {
      assert.equal(place(resolved(url)), expected);
    });
  }

  const wrong = [
    ["canary-4711", /does not begin with mysql:/],
    ["mysql://bob:canary-4711@a:1,b:2/shop", /names several hosts$/],
    ["mysql://bob:canary-4711/x@db/shop", /cannot be read$/],
    ["mysql://bob:canary-4711/shop", /the port in the database URL is not a number$/],
    ["mysql://bob:canary-4711#x@db/shop", /cannot be read$/],
    ["mysql://bob:canary-4711%zz@db/shop", /has a % that begins no escape$/],
    ["mysql://db:0/shop", /the port .* is not a number from 1 to 65535$/],
    ["mysql://db/shop?autoReconnect=true", /has an unknown parameter: autoReconnect$/],
    ["mysql://db/shop?ssl=false", /has an unknown parameter: ssl$/],
    ["mysql://db/shop?ssl-mode=full", /ssl-mode full is unknown$/],
    ["mysql://db/shop?connect-timeout=soon", /connect-timeout is not a number of seconds: soon$/],
  ] as const;

  for (const [url, message] of wrong) {
    it(`are refused for ${url}`, () => {
      const error = refusal(url);
      assert.equal(error.code, "usage-invalid");
      assert.match(error.message, message);
    });
  }

  it("have no default for the database", () => {
    for (const url of ["mysql://bob:canary-4711@db", "mysql://db/"]) {
      const error = refusal(url);
      assert.equal(error.code, "database-missing");
      assert.equal(error.hint, "Add it: mysql://user@host:3306/database.");
    }
  });

  it("come from the environment where nothing else says them", () => {
    const env = { MYSQL_HOST: "db", MYSQL_TCP_PORT: "7", MYSQL_PWD: "pw" };

    assert.equal(place(resolved("mysql:///shop", { env })), "ann:pw@db:7/shop");
    assert.equal(place(resolved("mysql://eve@other:8/x", { env })), "eve:pw@other:8/x");
    assert.equal(
      place(resolved("mysql:///shop", { env: { MYSQL_UNIX_PORT: "/run/my.sock" } })),
      "ann:@/run/my.sock/shop",
    );
  });

  it("come from option files, whose last one counts, before the environment", () => {
    const files = {
      "/etc/my.cnf": "[client]\nhost=etc\nport=1\nuser=etc",
      "/home/ann/.my.cnf": `[client]\nuser = bob\npassword = "${SECRET}"\n[mysqld]\nport = 9`,
    };
    const env = { MYSQL_HOST: "env", MYSQL_TCP_PORT: "2", MYSQL_PWD: "env" };

    assert.equal(place(resolved("mysql:///shop", { files, env })), `bob:${SECRET}@etc:1/shop`);
    assert.equal(place(resolved("mysql://eve@db:3/x", { files, env })), `eve:${SECRET}@db:3/x`);
  });

  it("do not come from an option file that everybody may write", () => {
    const files = { "/home/ann/.my.cnf": "[client]\nhost=evil" };

    assert.equal(place(resolved("mysql:///x", { files, mode: 0o646 })), "ann:@localhost:3306/x");
    assert.equal(place(resolved("mysql:///x", { files, mode: 0o644 })), "ann:@evil:3306/x");
  });

  it("take the local socket only where no host or port is asked for", () => {
    const files = { "/run/mysqld/mysqld.sock": "" };
    const own = { ...files, "/home/ann/.my.cnf": "[client]\nhost=localhost\nsocket=/run/own.sock" };
    const remote = { ...files, "/home/ann/.my.cnf": "[client]\nhost=db\nsocket=/run/own.sock" };

    assert.equal(place(resolved("mysql:///x", { files })), "ann:@/run/mysqld/mysqld.sock/x");
    assert.equal(place(resolved("mysql://localhost/x", { files })), "ann:@localhost:3306/x");
    assert.equal(place(resolved("mysql://:3306/x", { files })), "ann:@localhost:3306/x");
    assert.equal(place(resolved("mysql:///x", { files: own })), "ann:@/run/own.sock/x");
    assert.equal(place(resolved("mysql:///x", { files: remote })), "ann:@db:3306/x");
  });

  it("wait ten seconds, or as long as one likes", () => {
    assert.equal(resolved("mysql://db/x").connectTimeoutMs, 10_000);
    assert.equal(resolved("mysql://db/x?connect_timeout=3").connectTimeoutMs, 3000);
    assert.equal(resolved("mysql://db/x?connect-timeout=0").connectTimeoutMs, 0);
  });
});

describe("the TLS of a MySQL connection", () => {
  const modes = [
    ["mysql://db/x", "VERIFY_IDENTITY"],
    ["mysql://10.0.0.7/x", "VERIFY_IDENTITY"],
    ["mysql://0.0.0.0/x", "VERIFY_IDENTITY"],
    ["mysql://localhost.example.org/x", "VERIFY_IDENTITY"],
    ["mysql://localhost/x", "DISABLED"],
    ["mysql://127.0.0.2/x", "DISABLED"],
    ["mysql://[::1]/x", "DISABLED"],
    ["mysql:///x?socket=/run/my.sock&ssl-mode=REQUIRED", "DISABLED"],
    ["mysql://db/x?ssl-mode=DISABLED", "DISABLED"],
    ["mysql://db/x?ssl-mode=PREFERRED", "REQUIRED"],
    ["mysql://localhost/x?ssl-mode=PREFERRED", "PREFERRED"],
    ["mysql://db/x?sslmode=required", "REQUIRED"],
    ["mysql://db/x?ssl_mode=verify-ca", "VERIFY_CA"],
    ["mysql://localhost/x?ssl=true", "VERIFY_IDENTITY"],
  ] as const;

  for (const [url, mode] of modes) {
    it(`of ${url} is ${mode}`, () => {
      assert.equal(resolved(url).sslMode, mode);
    });
  }

  it("is tried before plain text only where it is preferred", () => {
    const verify = { rejectUnauthorized: true, verifyIdentity: true };
    const trust = { rejectUnauthorized: false, verifyIdentity: false };

    assert.deepEqual(tlsAttempts(resolved("mysql://db/x")), [verify]);
    assert.deepEqual(tlsAttempts(resolved("mysql://localhost/x")), [false]);
    assert.deepEqual(tlsAttempts(resolved("mysql://localhost/x?ssl-mode=PREFERRED")), [
      trust,
      false,
    ]);
    assert.deepEqual(tlsAttempts(resolved("mysql://db/x?ssl-mode=REQUIRED")), [trust]);
    assert.deepEqual(tlsAttempts(resolved("mysql://db/x?ssl-mode=VERIFY_CA")), [
      { rejectUnauthorized: true, verifyIdentity: false },
    ]);
  });

  it("lets a server hear a password only when it has proved who it is", () => {
    for (const [query, verified] of [
      ["", true],
      ["?ssl-mode=VERIFY_CA", true],
      ["?ssl-mode=REQUIRED", false],
      ["?ssl-mode=DISABLED", false],
    ] as const) {
      assert.equal(isVerified(resolved(`mysql://db/x${query}`)), verified);
    }
  });

  it("has the texts of its files, and reads none that it does not need", () => {
    const files = { "/ca": "CA", "/cert": "CERT", "/key": "KEY" };
    const query = "ssl-ca=/ca&ssl-cert=/cert&ssl-key=/key";

    assert.deepEqual(tlsAttempts(resolved(`mysql://db/x?${query}`, { files })), [
      { ca: "CA", cert: "CERT", key: "KEY", rejectUnauthorized: true, verifyIdentity: true },
    ]);
    assert.equal(resolved(`mysql://localhost/x?${query}`).tls.ca, undefined);
    assert.deepEqual(
      refusal(`mysql://db/x?${query}`).message,
      "the certificate file /ca does not exist",
    );
  });
});
