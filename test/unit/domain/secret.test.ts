import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { format, inspect } from "node:util";
import { Secret } from "../../../src/domain/secret.ts";
import { createTarget } from "../../../src/rowgate.ts";

describe("a secret", () => {
  it("is told only to who asks for it", () => {
    assert.equal(new Secret("canary").reveal(), "canary");
  });

  for (const url of ["postgres://ann:canary@db/shop", "mysql://db/shop?password=canary"]) {
    it(`is seen in no picture of the target for ${url.split(":")[0]}`, () => {
      const target = createTarget(url);
      const pictures = [
        inspect(target, { depth: 10, showHidden: true, getters: true }),
        format("%o %O %j %s", target, target, target, target),
        JSON.stringify(target),
        JSON.stringify({ ...target, connection: { ...target.connection } }),
        "url" in target.connection ? String(target.connection.url) : "",
      ];

      for (const picture of pictures) {
        assert.doesNotMatch(picture, /canary/);
      }
      assert.match(pictures[0] ?? "", /driver: .*url: \*\*\*/);
    });
  }
});
