import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { splitMessage } from "../../../src/scan/mysql-message.ts";
import { newClientState } from "../../../src/scan/mysql.ts";

function split(text: string): readonly string[] {
  return splitMessage(text, newClientState()).map((part) => part.text);
}

describe("a message of several statements", () => {
  it("is taken apart at each semicolon outside of bodies", () => {
    assert.deepEqual(
      split(
        "-- a\ndrop procedure if exists p; -- b\ncreate procedure p() begin select ';'; end;\n(select 1); ;",
      ),
      [
        "-- a\ndrop procedure if exists p",
        "-- b\ncreate procedure p() begin select ';'; end",
        "(select 1)",
      ],
    );
  });

  it("tells where each part begins, and its first words", () => {
    assert.deepEqual(splitMessage("select 1;\n  /* x */ DROP TABLE t", newClientState()), [
      { text: "select 1", offset: 0, head: ["select", "1"] },
      { text: "/* x */ DROP TABLE t", offset: 12, head: ["drop", "table", "t"] },
    ]);
  });

  it("stays whole where a part could not stand alone", () => {
    for (const text of [
      "create package p as procedure a; function b return int; end;",
      "create procedure p as x int; begin select 1; end;",
    ]) {
      assert.deepEqual(split(text), [text]);
    }
  });

  it("has no part for comments alone", () => {
    assert.deepEqual(split("/* a */; -- b"), []);
  });
});
