import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { redactSecrets } from "../../../src/domain/redact.ts";

describe("redactSecrets", () => {
  it("takes out every known secret, the longest first", () => {
    assert.equal(
      redactSecrets("a hunter22 and hunter2!", ["hunter2", "hunter22"]),
      "a *** and ***!",
    );
  });

  it("takes out a short secret only where it stands alone", () => {
    assert.equal(redactSecrets("a cat: 'a' (a.b)", ["a"]), "*** cat: '***' (***.b)");
    assert.equal(redactSecrets("x é.", ["é."]), "x ***");
  });

  it("ignores empty secrets", () => {
    assert.equal(redactSecrets("abc", [""]), "abc");
  });

  const texts = [
    ["postgres://ann:hunter2@db/shop", "postgres://ann:***@db/shop"],
    ["at postgresql+x://ann:p@ss:w@db:5432, then", "at postgresql+x://ann:***@db:5432, then"],
    ["'mysql://:secret@db'", "'mysql://:***@db'"],
    ["no source postgres:/ann:hunter2@db/shop", "no source postgres:/ann:***@db/shop"],
    ["https://db/shop?password=hunter2&x=1", "https://db/shop?password=***&x=1"],
    ["host=db password='it''s \\' it' user=ann", "host=db password=*** user=ann"],
    ["PGPASSWORD=hunter2 psql", "PGPASSWORD=*** psql"],
    ["sslpassword = hunter2", "sslpassword = ***"],
    ["CONNECTION 'host=db password=hunter2'", "CONNECTION 'host=db password=***'"],
  ] as const;

  for (const [text, expected] of texts) {
    it(`makes ${expected}`, () => {
      assert.equal(redactSecrets(text, []), expected);
    });
  }

  it("leaves other texts alone", () => {
    for (const text of [
      "postgres://db:5432/shop",
      "postgres://ann@db/shop",
      'password authentication failed for user "ann"',
      "see https://example.org/a?b=c@d",
      "SELECT 'x' AS password",
    ]) {
      assert.equal(redactSecrets(text, []), text);
    }
  });

  it("leaves no trace of a secret of four characters and more", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 4 }), fc.string(), (start, secret, end) => {
        fc.pre(!"***".includes(secret) && !secret.startsWith("*") && !secret.endsWith("*"));
        assert.equal(redactSecrets(start + secret + end, [secret]).includes(secret), false);
      }),
    );
  });
});
