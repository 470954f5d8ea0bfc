import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readOptionFiles } from "../../../../src/drivers/mysql2/option-files.ts";

function optionsOf(text: string): object {
  return readOptionFiles({
    env: {},
    home: "/home/ann",
    osUser: "ann",
    readFile: (path) => (path === "/home/ann/.my.cnf" ? text : undefined),
    exists: () => false,
    modeOf: () => 0o600,
  });
}

describe("an option file", () => {
  const cases = [
    ["[client]\nhost=db", { host: "db" }],
    [
      "[client-server]\r\n  socket = /run/my.sock \r\n[rowgate]\r\nuser=u",
      {
        socket: "/run/my.sock",
        user: "u",
      },
    ],
    ["host=db\n[mysqld]\nport=1\n[mysql]\nuser=u", {}],
    ["[client]\n# host=a\n;host=b\n!include /x\nhost=c # d", { host: "c" }],
    [
      "[client]\nssl_mode=REQUIRED\nloose-ssl-ca=/ca\nSSL-Key=/key",
      {
        "ssl-mode": "REQUIRED",
        "ssl-ca": "/ca",
        "ssl-key": "/key",
      },
    ],
    ["[client]\npassword='a#b;c'", { password: "a#b;c" }],
    ['[client]\npassword="a\\"b\\\\c\\sd" # x', { password: 'a"b\\c d' }],
    ["[client]\npassword=it's#1", { password: "it's#1" }],
    ["[client]\npassword=a=b", { password: "a=b" }],
    ["[client]\npassword=\nquick\ncompress = 1\nuser", {}],
    ["[client]\nuser=a\n[other]\nuser=b\n[client]\nuser=c", { user: "c" }],
    ["", {}],
  ] as const;

  for (const [text, expected] of cases) {
    it(`${JSON.stringify(text)} says ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(optionsOf(text), expected);
    });
  }
});
