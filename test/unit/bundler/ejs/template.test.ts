import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { RowgateError } from "../../../../src/domain/errors.ts";
import { SQL_QUOTES } from "../../../../src/bundler/ejs/sql-quotes.ts";
import { blocksOf, bundleOf, piecesOfBlock, type Files } from "../temporary-tree.ts";

type Values = Record<string, string | number | boolean>;

async function render(template: string, variables: Values = {}, more: Files = {}) {
  const blocks = await blocksOf({ "1.sql.ejs": template, ...more }, { variables });
  const pieces = await piecesOfBlock(blocks[0]);

  return pieces.map((piece) =>
    "lines" in piece ? [piece.text, piece.at.line, piece.lines] : [piece.text, piece.at.line],
  );
}

describe("a template", () => {
  it("writes values without escaping them for HTML", async () => {
    assert.deepEqual(await render("select '<%= a %>', '<%- a %>';", { a: "<&>" }), [
      ["select '<&>', '<&>';", 1],
    ]);
  });

  it("has helpers that make SQL of values", async () => {
    assert.deepEqual(
      await render("select <%= literal(v) %> as <%= ident(n) %>, <%= literal(7) %>;", {
        v: "it's \\",
        n: 'a"b',
      }),
      [["select E'it''s \\\\' as \"a\"\"b\", 7;", 1]],
    );
    const { identifier, literal } = SQL_QUOTES.postgres;

    assert.equal(literal(null), "NULL");
    assert.equal(literal(true), "true");
    assert.equal(literal(Number.NaN), "'NaN'");
    assert.throws(() => literal(undefined), /literal\(\) was given undefined/u);
    assert.throws(() => identifier({}), /ident\(\) was given no text/u);
  });

  it("keeps the lines of the template, through loops, slurping tags and values of many lines", async () => {
    const template = [
      "<% const names = ['a', 'b'];",
      "   const many = '1,\\n2'; -%>",
      "<% for (const name of names) { -%>",
      "select '<%= name %>',",
      "  <%= many %>,",
      "  3;",
      "  <%_ } _%>  ",
      "<%# a comment",
      "   of two lines %>",
      "select 4;",
    ].join("\n");

    assert.deepEqual(await render(template), [
      ["select 'a',\n  1,\n2,\n  3;", 4, [4, 5, 5, 6]],
      ["select 'b',\n  1,\n2,\n  3;", 4, [4, 5, 5, 6]],
      ["select 4;", 10],
    ]);
  });

  it("includes templates relative to itself, with the line of the include", async () => {
    assert.deepEqual(
      await render(
        "select 1;\n<%- include('parts/c.ejs', { n: 2 }) %>\nselect 4;",
        {},
        {
          "parts/c.ejs": "select <%= n %>,\n<%= include('d.ejs') %>;",
          "parts/d.ejs": "3 + <%= n %>",
        },
      ),
      [
        ["select 1;", 1],
        ["select 2,\n3 + 2;", 2, [2, 2]],
        ["select 4;", 3],
      ],
    );
  });

  it("names the line of a variable without value, and of an undefined or null one", async () => {
    for (const tag of ["<%= nope %>", "<%- nope %>", "<% nope(); %>"]) {
      await assert.rejects(bundleOf({ "1.sql.ejs": `select 1;\n\nselect ${tag};\n` }), {
        code: "template-failed",
        message: "1.sql.ejs cannot be rendered: nope is not defined",
        at: { path: "1.sql.ejs", line: 3, column: 8 },
        excerpt: `select ${tag};`,
      });
    }
    for (const [value, word] of [
      ["undefined", "undefined"],
      ["null", "null"],
      ["({}).x", "undefined"],
    ]) {
      await assert.rejects(bundleOf({ "1.sql.ejs": `\nselect <%- ${value} %>;` }), {
        code: "template-failed",
        message: `1.sql.ejs cannot be rendered: the value is ${word}`,
        at: { path: "1.sql.ejs", line: 2, column: 8 },
      });
    }
  });

  it("names the column of the tag, or of the line where that cannot be told", async () => {
    for (const [template, line, column] of [
      ["\nselect 'é😀', <%= a %>, <%= nope %>, <%= nope %>;", 2, 24],
      ["select <%= a %>, <%= undefined %>;", 1, 1],
      ["select 1;\n  <% if (a) {\n  nope(); } %>", 2, 3],
      ["select\n <%= 1 %>, <%= 1 +* 2 %>;", 2, 12],
      ["\n  <% if (a) { %>", 2, 3],
    ] as const) {
      await assert.rejects(bundleOf({ "1.sql.ejs": template }, { variables: { a: "x" } }), {
        code: "template-failed",
        at: { path: "1.sql.ejs", line, column },
      });
    }
  });

  it("names the included template of a fault", async () => {
    await assert.rejects(
      bundleOf({ "1.sql.ejs": "\n<%- include('a.ejs') %>", "a.ejs": "\n\n<%= nope %>" }),
      {
        code: "template-failed",
        message: "a.ejs cannot be rendered: nope is not defined",
        at: { path: "a.ejs", line: 3, column: 1 },
      },
    );
  });

  it("includes only what is there, in the tree and not open", async () => {
    for (const [path, code] of [
      ["no.ejs", "include-missing"],
      ["../../../../../../../../etc/passwd", "include-outside"],
      ["1.sql.ejs", "include-cycle"],
    ] as const) {
      await assert.rejects(bundleOf({ "1.sql.ejs": `\n<%- include('${path}') %>` }), {
        code,
        at: { path: "1.sql.ejs", line: 2, column: 1 },
        excerpt: `<%- include('${path}') %>`,
      });
    }
  });

  it("with faulty JavaScript or an open tag is an error", async () => {
    for (const [template, line, message] of [
      ["<% for (const a of []) { %>\n<%= 1 +* 2 %>\n<% } %>", 2, "Unexpected token '*'"],
      ["<%= 1 %>\n<% if (true) %>x<% } %>\n", 2, "Unexpected token '}'"],
      ["<%= 1 %>\n\n<% if (true) { %>", 3, "something that its JavaScript opens is never closed"],
      ["\n<%= 1", 2, 'Could not find matching close tag for "<%=".'],
    ] as const) {
      await assert.rejects(bundleOf({ "1.sql.ejs": template }), (error: unknown) => {
        assert.ok(error instanceof RowgateError);
        assert.deepEqual([error.code, error.at?.line], ["template-failed", line], error.message);
        assert.equal(error.message, `1.sql.ejs cannot be rendered: ${message}`);
        return true;
      });
    }
  });

  it("places syntax errors and directives in the template's own lines", async () => {
    await assert.rejects(
      blocksOf({ "1.sql.ejs": "<% if (true) { -%>\nselect\n  from from;\n<% } %>" }),
      {
        code: "syntax-invalid",
        at: { path: "1.sql.ejs", line: 3, column: 8 },
        excerpt: "  from from;",
      },
    );
    await assert.rejects(bundleOf({ "1.sql.ejs": "<% const a = 1; -%>\n-- rowgate: nope\n" }), {
      code: "directive-unknown",
      at: { path: "1.sql.ejs", line: 2, column: 4 },
    });
  });

  it("does not make a template of plain SQL", async () => {
    const [block] = await blocksOf({ "1.sql": "select '<%= a %>';" }, { variables: { a: "x" } });

    assert.equal((await piecesOfBlock(block))[0]?.text, "select '<%= a %>';");
  });
});
