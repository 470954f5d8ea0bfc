/** Small trees of the layouts that comments in their files show. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { blocksOf, textsOf } from "../temporary-tree.ts";
import { shapeOf } from "./shape.ts";

describe("a tree laid out for", () => {
  it("dbmate has sections", async () => {
    assert.deepEqual(
      await shapeOf({
        "20240102000000_b.sql":
          "-- why\n-- migrate:up transaction:false\n\nselect 2;\n\n-- migrate:down\ndrop table b;\n",
        "20240101000000_a.sql": "-- migrate:up\nselect 1;\nselect 11;\n-- migrate:down\n",
      }),
      {
        layout: "dbmate",
        blocks: [
          "20240101000000 once 20240101000000_a.sql:2 select 1; select 11;",
          "20240102000000 once alone 20240102000000_b.sql:4 select 2;",
        ],
        notes: [],
      },
    );
  });

  it("goose has sections, and statements that need no semicolon", async () => {
    assert.deepEqual(
      await shapeOf({
        "00001_a.sql":
          "-- +goose Up\n-- +goose StatementBegin\ncreate function f() returns int language sql as 'select 1'\n-- +goose StatementEnd\nselect 1;\n-- +goose Down\ndrop function f;\n",
        "00002_b.sql": "-- +goose NO TRANSACTION\n-- +goose up\nselect 2;\n",
      }),
      {
        layout: "goose",
        blocks: [
          "1 once 00001_a.sql:3 create function f() returns int language sql as 'select 1'\n; select 1;",
          "2 once alone 00002_b.sql:3 select 2;",
        ],
        notes: [],
      },
    );
  });

  it("node-pg-migrate has sections in either order, and whole files", async () => {
    assert.deepEqual(
      await shapeOf({
        "1414549381268_a.sql": "-- Up Migration\nselect 1;\n-- Down Migration\ndrop table a;\n",
        "1414549381269_b.sql": "-- Down Migration\ndrop table b;\n-- Up Migration\nselect 2;\n",
        "1414549381270-c.sql": "select 3;",
      }),
      {
        layout: "node-pg-migrate",
        blocks: [
          "1414549381268 once 1414549381268_a.sql:2 select 1;",
          "1414549381269 once 1414549381269_b.sql:4 select 2;",
          "1414549381270 once 1414549381270-c.sql:1 select 3;",
        ],
        notes: [],
      },
    );
  });

  it("MyBatis ends at the mark of what takes back", async () => {
    assert.deepEqual(
      await shapeOf({
        "scripts/20240101_a.sql": "-- // a\nselect 1;\n\n-- //@UNDO\ndrop table a;\n",
        "scripts/20240102_b.sql": "select 2;",
        "scripts/bootstrap.sql": "select 0;",
        "environments/development.properties": "",
      }),
      {
        layout: "mybatis",
        blocks: [
          "20240101 once scripts/20240101_a.sql:1 -- // a\nselect 1;",
          "20240102 once scripts/20240102_b.sql:1 select 2;",
        ],
        notes: [
          "scripts/bootstrap.sql:1 scripts/bootstrap.sql is run by MyBatis at other times, and is not part of the bundle",
        ],
      },
    );
  });

  it("Liquibase has change sets, with the attributes that a bundle knows", async () => {
    assert.deepEqual(
      await shapeOf({
        "changelog.sql": [
          "-- liquibase formatted sql",
          "",
          "--changeset ann:1",
          "--comment: why",
          "select 1;",
          "--rollback drop table a;",
          "",
          "-- changeset ann:view runOnChange:true",
          "select 2;",
          "--changeset bob:grants runAlways:true",
          "select 3;",
          "--changeset bob:index runInTransaction:false labels:slow",
          "select 4;",
          "--changeset bob:mysql dbms:mysql,mariadb",
          "select 5;",
          "--changeset bob:proc splitStatements:false endDelimiter:/",
          "select 6",
          "/",
          "select 7",
          "/",
        ].join("\n"),
      }),
      {
        layout: "liquibase",
        blocks: [
          "changelog#ann:1 once changelog.sql:5 select 1;",
          "changelog#ann:view on-change changelog.sql:9 select 2;",
          "changelog#bob:grants always changelog.sql:11 select 3;",
          "changelog#bob:index once alone changelog.sql:13 select 4;",
          "changelog#bob:proc once changelog.sql:17 select 6\n; select 7\n;",
        ],
        notes: [
          "changelog.sql:14 change set bob:mysql is for another database, or ignored",
          "changelog.sql:12 labels:slow has no effect",
        ],
      },
    );
  });

  it("Liquibase has the order of the changelog that includes its files", async () => {
    const files = {
      "changes/a.sql": changeSet("1"),
      "changes/b.sql": changeSet("2"),
      "c.sql": changeSet("3"),
    };

    assert.deepEqual(
      await shapeOf({
        ...files,
        "master.yaml":
          "databaseChangeLog:\n  - include:\n      file: db/changes/b.sql\n  - include:\n      file: db/changes/a.sql\n",
      }),
      {
        layout: "liquibase",
        blocks: [
          "changes/b#ann:2 once changes/b.sql:3 select 2;",
          "changes/a#ann:1 once changes/a.sql:3 select 1;",
        ],
        notes: ["c.sql:1 master.yaml does not include c.sql: not part of the bundle"],
      },
    );
  });

  it("Liquibase may end its statements in another way", async () => {
    for (const [delimiter, text] of [
      ["/", "select 1;\n/\nselect 2\n/"],
      ["//", "select 1 //\nselect 2//"],
      ["\\nGO", "select 1;\nGO\nselect 2\nGO"],
      ["$$", "select 1$$\nselect 2$$"],
    ] as const) {
      const head = `--liquibase formatted sql\n--changeset a:1 endDelimiter:${delimiter}\n`;

      for (const dialect of ["postgres", "mysql"] as const) {
        const blocks = await blocksOf({ "a.sql": `${head}${text}\n` }, { dialect });
        const texts = (await textsOf(blocks)).flat();

        assert.deepEqual(
          texts.map((each) => each.replace(/\s*;?$/u, "")),
          ["select 1", "select 2"],
          `${delimiter} for ${dialect}`,
        );
      }
    }
  });

  it("MySQL has the same sections", async () => {
    const { blocks } = await shapeOf(
      {
        "1_a.sql":
          "-- +goose Up\n-- +goose StatementBegin\ncreate procedure p() begin select 1; end\n-- +goose StatementEnd\n-- +goose Down\ndrop procedure p;\n",
      },
      { dialect: "mysql" },
    );

    assert.deepEqual(blocks, ["1 once 1_a.sql:3 create procedure p() begin select 1; end"]);
  });
});

function changeSet(id: string): string {
  return `--liquibase formatted sql\n--changeset ann:${id}\nselect ${id};\n`;
}
