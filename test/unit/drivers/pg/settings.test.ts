import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RowgateError } from "../../../../src/domain/errors.ts";
import { resolvePgSettings, type PgSettings } from "../../../../src/drivers/pg/settings.ts";
import type { Surroundings } from "../../../../src/drivers/surroundings.ts";
import { tlsAttempts } from "../../../../src/drivers/pg/tls.ts";

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

function resolved(url: string, given?: Given): PgSettings {
  return resolvePgSettings(url, around(given));
}

function place({ user, password, host, port, database }: PgSettings): string {
  return `${user}:${password ?? ""}@${host}:${port}/${database}`;
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

describe("the settings of a connection", () => {
  const places = [
    ["postgres://bob:pw@db:7000/shop", "bob:pw@db:7000/shop"],
    ["postgresql://db", "ann:@db:5432/ann"],
    ["postgresql://bob@db", "bob:@db:5432/bob"],
    ["postgresql://", "ann:@localhost:5432/ann"],
    ["postgresql:///shop", "ann:@localhost:5432/shop"],
    ["postgresql:///shop?host=/run/pg&port=7", "ann:@/run/pg:7/shop"],
    ["postgresql://bob@/shop?host=/run/pg", "bob:@/run/pg:5432/shop"],
    ["postgresql://%2Frun%2Fpg/shop", "ann:@/run/pg:5432/shop"],
    ["postgresql://[::1]:7/shop", "ann:@::1:7/shop"],
    ["POSTGRES://b%40b:p%2F%40%3Aw@db/sh%20op", "b@b:p/@:w@db:5432/sh op"],
    ["postgres://bob:p@ss:w@db/shop", "bob:p@ss:w@db:5432/shop"],
    ["postgresql://db/shop?user=bob&password=pw&dbname=other", "bob:pw@db:5432/other"],
    ["postgresql://db/shop?hostaddr=10.0.0.7", "ann:@10.0.0.7:5432/shop"],
  ] as const;

  for (const [url, expected] of places) {
    it(`of ${url} are ${expected}`, () => {
      assert.equal(place(resolved(url)), expected);
    });
  }

  const wrong = [
    ["host=db password=canary-4711", /key=value pairs is not supported$/],
    ["mysql://bob:canary-4711@db/shop", /has the scheme mysql, which is not PostgreSQL's$/],
    ["canary-4711", /does not begin with postgresql:/],
    ["postgresql://bob:canary-4711@a:1,b:2/shop", /names several hosts$/],
    ["postgresql:///shop?host=a,b", /names several hosts$/],
    ["postgresql://bob:canary-4711/x@db/shop", /cannot be read$/],
    ["postgresql://bob:canary-4711/shop", /the port in the database URL is not a number$/],
    ["postgresql://bob:4711/canary-4711@db/shop", /cannot be read$/],
    ["postgresql://bob:canary-4711#x@db/shop", /cannot be read$/],
    ["postgresql://bob:canary-4711%zz@db/shop", /has a % that begins no escape$/],
    ["postgresql://db:0/shop", /the port .* is not a number from 1 to 65535$/],
    ["postgresql://db/shop?schema=public", /a parameter that libpq does not know: schema$/],
    ["postgresql://db/shop?sslmode=full", /sslmode full is unknown$/],
    [
      "postgresql://db/shop?connect_timeout=soon",
      /connect_timeout is not a number of seconds: soon$/,
    ],
  ] as const;

  for (const [url, message] of wrong) {
    it(`are refused for ${url}`, () => {
      const error = refusal(url);
      assert.equal(error.code, "usage-invalid");
      assert.match(error.message, message);
    });
  }

  it("come from the environment where the URL says nothing", () => {
    const env = {
      PGHOST: "db",
      PGPORT: "7",
      PGUSER: "bob",
      PGPASSWORD: "pw",
      PGDATABASE: "shop",
      PGAPPNAME: "mine",
      PGCONNECT_TIMEOUT: "3",
      PGOPTIONS: "-c a.b=1",
    };
    const settings = resolved("postgresql://", { env });

    assert.equal(place(settings), "bob:pw@db:7/shop");
    assert.equal(settings.applicationName, "mine");
    assert.equal(settings.connectTimeoutMs, 3000);
    assert.equal(settings.options, "-c a.b=1");
    assert.equal(place(resolved("postgresql://eve@other:8/x", { env })), "eve:pw@other:8/x");
  });

  it("have defaults of their own", () => {
    const settings = resolved("postgresql://db");

    assert.equal(settings.applicationName, "rowgate");
    assert.equal(settings.connectTimeoutMs, 10_000);
    assert.equal(resolved("postgresql://db?connect_timeout=0").connectTimeoutMs, 0);
  });

  it("find the local server's socket", () => {
    const files = { "/var/run/postgresql/.s.PGSQL.7": "" };

    assert.equal(resolved("postgresql:///shop?port=7", { files }).host, "/var/run/postgresql");
    assert.equal(resolved("postgresql:///shop", { files }).host, "localhost");
  });
});

describe("the password file", () => {
  const text = [
    "# a comment",
    "db:5432:shop:bob:first",
    "db:*:*:bob:p\\:w\\\\d",
    "localhost:*:*:*:local",
    "*:*:*:eve:",
  ].join("\n");
  const files = { "/home/ann/.pgpass": text };
  const passwordOf = (url: string, given: Given = { files }): string | undefined =>
    resolved(url, given).password;

  it("gives the password of the first line that fits", () => {
    assert.equal(passwordOf("postgresql://bob@db/shop"), "first");
    assert.equal(passwordOf("postgresql://bob@db/other"), "p:w\\d");
    assert.equal(passwordOf("postgresql://bob@elsewhere/shop"), undefined);
    assert.equal(passwordOf("postgresql:///shop?host=/run/pg"), "local");
  });

  it("comes after the URL", () => {
    assert.equal(passwordOf("postgresql://bob:mine@db/shop"), "mine");
  });

  it("is named by PGPASSFILE", () => {
    const given = { env: { PGPASSFILE: "/x" }, files: { "/x": "*:*:*:*:other" } };

    assert.equal(passwordOf("postgresql://bob@db/shop", given), "other");
  });

  it("is not used when others may read it", () => {
    assert.equal(passwordOf("postgresql://bob@db/shop", { files, mode: 0o644 }), undefined);
  });
});

describe("a service file", () => {
  const own = "# mine\n[shop]\nhost = db\nport=7\nuser=bob\n\n[other]\nhost=elsewhere\n";
  const files = { "/home/ann/.pg_service.conf": own };

  it("fills what the URL leaves open, before the environment", () => {
    const env = { PGHOST: "wrong", PGDATABASE: "fallback", PGSERVICE: "shop" };

    assert.equal(place(resolved("postgresql://", { env, files })), "bob:@db:7/fallback");
    assert.equal(
      place(resolved("postgresql://eve@?service=other", { files })),
      "eve:@elsewhere:5432/eve",
    );
  });

  it("is named by PGSERVICEFILE, and may be the system's", () => {
    const env = { PGSERVICE: "shop", PGSERVICEFILE: "/mine", PGSYSCONFDIR: "/etc/pg" };
    const shared = { "/mine": "[x]\nhost=x\n", "/etc/pg/pg_service.conf": "[shop]\nhost=shared\n" };

    assert.equal(resolved("postgresql://", { env, files: shared }).host, "shared");
  });

  it("must have the service", () => {
    const error = refusal("postgresql://?service=nix", { files });

    assert.equal(error.code, "config-missing");
    assert.match(
      error.message,
      /^the connection service nix is in neither \/home\/ann\/\.pg_service/,
    );
  });

  it("must hold parameters, whose values are not repeated", () => {
    const wrong = { "/home/ann/.pg_service.conf": `[shop]\npass=${SECRET}\n` };
    const error = refusal("postgresql://?service=shop", { files: wrong });

    assert.equal(error.code, "config-invalid");
    assert.match(error.message, /:2 is no connection parameter of libpq$/);
  });
});

describe("TLS", () => {
  it("is verified for remote hosts and off for local ones unless something is asked", () => {
    assert.equal(modeOf("postgresql://db.example.org"), "verify-full");
    assert.equal(modeOf("postgresql://10.0.0.7"), "verify-full");
    assert.equal(modeOf("postgresql://localhost.example.org"), "verify-full");
    for (const host of ["localhost", "127.0.0.1", "127.9.9.9", "[::1]", "db.localhost"]) {
      assert.equal(modeOf(`postgresql://${host}`), "disable");
    }
    assert.equal(modeOf("postgresql://localhost?sslmode=require"), "require");
    assert.equal(modeOf("postgresql://db", { env: { PGSSLMODE: "disable" } }), "disable");
    assert.equal(modeOf("postgresql:///x?host=/run&sslmode=require"), "disable");
  });

  it("takes other clients' words", () => {
    assert.equal(modeOf("postgresql://db?ssl=true"), "require");
    assert.equal(modeOf("postgresql://db?sslmode=no-verify"), "require");
  });

  it("checks the authority when one is named", () => {
    const files = { "/ca": "CA", "/home/ann/.postgresql/root.crt": "OWN" };

    assert.equal(modeOf("postgresql://db?sslmode=require&sslrootcert=/ca", { files }), "verify-ca");
    assert.equal(modeOf("postgresql://db?sslmode=require", { files }), "verify-ca");
    assert.equal(resolved("postgresql://db", { files }).tls.ca, "OWN");
    assert.equal(resolved("postgresql://db?sslrootcert=system", { files }).tls.ca, undefined);
    assert.equal(refusal("postgresql://db?sslrootcert=/nix").code, "file-unreadable");
  });

  it("tries what the mode allows, in order", () => {
    assert.deepEqual(tried("disable"), [undefined]);
    assert.deepEqual(tried("allow"), [undefined, false]);
    assert.deepEqual(tried("prefer"), [false, undefined]);
    assert.deepEqual(tried("require"), [false]);
    assert.deepEqual(tried("verify-ca"), [true]);
    assert.deepEqual(tried("verify-full"), [true]);
  });
});

function modeOf(url: string, given?: Given): string {
  return resolved(url, given).sslMode;
}

function tried(mode: string): readonly (boolean | undefined)[] {
  return tlsAttempts(resolved(`postgresql://db?sslmode=${mode}`)).map((options) =>
    options === false ? undefined : options.rejectUnauthorized,
  );
}
