import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Candidate, SourceState } from "../../../src/domain/watch.ts";
import { page } from "../../../src/server/page/document.ts";
import { escapeHtml, markup } from "../../../src/server/page/html.ts";
import { stepsOf } from "../../../src/server/page/pipeline.ts";
import { standingOf } from "../../../src/server/page/standing.ts";
import { age, short } from "../../../src/server/page/words.ts";
import { HOSTILE, hostile } from "./hostile.ts";
import { event } from "./memory-view.ts";
import {
  before,
  candidate,
  deploying,
  environment,
  held,
  NOW,
  partlyFailed,
  PLAN,
  settling,
  unreachable,
  upToDate,
  waitingForApproval,
} from "./sample.ts";

describe("markup", () => {
  it("escapes what is not markup, wherever it stands", () => {
    const text = `<b a="1" b='2'>&\``;
    assert.equal(
      String(markup`<p title="${text}">${text}</p>`),
      '<p title="&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;&#96;">&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;&#96;</p>',
    );
  });

  it("takes markup, lists and numbers, and leaves nothing for nothing", () => {
    assert.equal(
      String(markup`${markup`<i>`}${["<", markup`<b>`]}${0}${undefined}${false}${[]}`),
      "<i>&lt;<b>0",
    );
  });

  it("is no markup because it looks like one", () => {
    const impostor = { toString: () => "<b>" };
    assert.equal(String(markup`${String(impostor)}`), "&lt;b&gt;");
  });

  it("shows control characters instead of obeying them", () => {
    assert.equal(escapeHtml("a\0b\u0007c\u009bd\te\nf"), "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\te\nf");
  });
});

describe("words", () => {
  for (const [seconds, text] of [
    [0, "just now"],
    [-4, "just now"],
    [5, "5 seconds ago"],
    [60, "1 minute ago"],
    [3599, "59 minutes ago"],
    [7200, "2 hours ago"],
    [86_400, "1 day ago"],
    [-90, "in 1 minute"],
  ] as const) {
    it(`say ${seconds} seconds as "${text}"`, () => {
      assert.equal(age(before(seconds), NOW), text);
    });
  }

  it("shorten commits only", () => {
    assert.equal(short("4f1c2e9a7b3d5f60718293a4b5c6d7e8f9012345"), "4f1c2e9a7b");
    assert.equal(short("1234567890123"), "1234567890123");
  });
});

const inState = (state: Candidate["state"]): SourceState => ({
  ...upToDate(),
  candidate: candidate({ state }),
});

describe("the standing of a source", () => {
  for (const [word, tone, source] of [
    ["Up to date", "good", upToDate()],
    ["Up to date", "good", inState("covered")],
    ["New revision", "busy", settling()],
    ["Building", "busy", inState("fetched")],
    ["Planning", "busy", inState("built")],
    ["Deploying", "busy", deploying()],
    ["Waiting for approval", "waiting", waitingForApproval()],
    ["Held", "held", held()],
    ["Partly failed", "failed", partlyFailed()],
    ["Failed", "failed", inState("failed")],
    ["Rejected", "idle", inState("rejected")],
    ["Cannot be asked", "held", unreachable()],
    ["Held", "held", { ...held(), trouble: unreachable().trouble }],
    ["Paused", "waiting", { ...upToDate(), paused: { by: "ann", reason: "", at: before(1) } }],
    ["Not asked yet", "idle", { ...upToDate(), candidate: undefined }],
  ] as const) {
    it(`is "${word}", ${tone}`, () => {
      const standing = standingOf(source);
      assert.deepEqual([standing.word, standing.tone], [word, tone]);
    });
  }
});

const told = (source: SourceState): string =>
  stepsOf(source)
    .map(({ name, state, isHere }) => `${isHere ? ">" : ""}${name}: ${state}`)
    .join(", ");

describe("the way of a revision", () => {
  for (const [title, source, way] of [
    [
      "that settles",
      settling(),
      "Seen: done, >Fetched: settling, Built: to come, Planned: to come, dev: to come, staging: to come, prod: to come",
    ],
    [
      "that waits for an approval",
      waitingForApproval(),
      "Seen: done, Fetched: done, Built: 148 blocks, Planned: done, dev: deployed, staging: deployed, >prod: waiting for approval",
    ],
    [
      "that is deployed",
      deploying(),
      "Seen: done, Fetched: done, Built: 148 blocks, Planned: done, dev: deployed, staging: deployed, >prod: deploying, 1 of 4",
    ],
    [
      "that is held",
      held(),
      "Seen: done, Fetched: done, Built: 148 blocks, Planned: done, dev: deployed, >staging: held, prod: to come",
    ],
    [
      "that failed on one target",
      partlyFailed(),
      "Seen: done, Fetched: done, Built: 148 blocks, Planned: done, dev: deployed, staging: deployed, >prod: failed, 2 of 4 done",
    ],
    [
      "that cannot be built",
      { ...upToDate(), candidate: candidate({ state: "failed", bundle: undefined }) },
      "Seen: done, Fetched: done, >Built: failed, Planned: to come, dev: to come, staging: to come, prod: to come",
    ],
    [
      "with the content that is deployed",
      { ...upToDate(), candidate: candidate({ state: "covered", bundle: undefined }) },
      "Seen: done, Fetched: done, Built: nothing to do, Planned: nothing to do, dev: nothing to do, staging: nothing to do, prod: nothing to do",
    ],
  ] as const) {
    it(title, () => {
      assert.equal(told(source), way);
    });
  }
});

const render = (
  sources: readonly SourceState[],
  fields: Partial<Parameters<typeof page>[0]> = {},
): string =>
  String(
    page({
      sources,
      events: [],
      viewer: { csrf: undefined, by: undefined, canSignIn: true },
      asked: undefined,
      trouble: undefined,
      now: NOW,
      ...fields,
    }),
  );

const signedIn = { viewer: { csrf: "seal", by: "ann", canSignIn: true } };

describe("the page", () => {
  it("shows hostile texts, and obeys none", () => {
    const events = [event(1, { message: HOSTILE, code: HOSTILE, source: HOSTILE })];
    const text = render([hostile()], { ...signedIn, events, trouble: HOSTILE });
    const clean = text.replaceAll(escapeHtml(HOSTILE), "");

    assert.notEqual(clean, text);
    assert.doesNotMatch(clean, /owned/);
    assert.doesNotMatch(clean, /<script(?! src="\/page\.js" defer>)|<img|\son\w+=|\sstyle=/i);
  });

  it("offers nothing that changes something to whoever is not signed in", () => {
    const text = render([waitingForApproval(), held()]);
    assert.doesNotMatch(text, /<form|<button|csrf/);
    assert.match(text, /<code class="command">rowgate watch approve shop --plan d41d8cd98f00/);
  });

  it("binds an approval to the plan that was seen, and each form to the session", () => {
    const text = render([waitingForApproval()], signedIn);
    const [form = ""] =
      /<form method="post" action="\/api\/shop\/approve">[^]*?<\/form>/.exec(text) ?? [];

    assert.match(form, /name="csrf" value="seal"/);
    assert.match(form, new RegExp(`name="plan" value="${PLAN}"`));
    assert.match(form, /Approve for prod.*3 blocks on 4 targets/);
    assert.equal(text.match(/<form\b/g)?.length, text.match(/name="csrf"/g)?.length);
  });

  for (const [title, source, offered] of [
    ["up to date", upToDate(), ["logout", "pause", "sync"]],
    [
      "waiting for approval",
      waitingForApproval(),
      ["logout", "approve", "reject", "pause", "sync"],
    ],
    ["held", held(), ["logout", "retry", "pause", "sync"]],
    [
      "paused",
      { ...upToDate(), paused: { by: "ann", reason: "", at: before(1) } },
      ["logout", "resume", "sync"],
    ],
  ] as const) {
    it(`offers what helps when it is ${title}`, () => {
      const actions = render([source], signedIn).matchAll(/action="\/(?:api\/shop\/)?(\w+)"/g);
      assert.deepEqual(
        [...actions].map(([, action]) => action),
        offered,
      );
    });
  }

  it("gives no id twice, and each label something to name", () => {
    const sources = ["main", "events", "shop-dev"].map((name) => upToDate(name));
    const named = environment("head", ["title"]);
    const awkward = {
      ...waitingForApproval(),
      environments: [named, environment("main", ["way"])],
    };
    const text = render([...sources, awkward, hostile()], signedIn);
    const ids = [...text.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);

    assert.deepEqual(ids, [...new Set(ids)]);
    for (const [, id] of text.matchAll(/\s(?:aria-labelledby|for)="([^"]*)"/g)) {
      assert.ok(ids.includes(id), id);
    }
  });

  it("tells what became of a request", () => {
    const asked = "0b6c2f2e-8a3e-4e58-9d8c-0d0f4c8d1c11";
    const done = event(1, { message: "ann paused the source", data: { request: asked } });
    const refused = event(2, { ...done, code: "request.refused", level: "warn" });

    assert.match(render([upToDate()], { asked }), /handed in; the watcher deals with it next/);
    assert.match(render([{ ...upToDate(), handled: asked }], { asked }), /was dealt with/);
    assert.match(
      render([upToDate()], { asked, events: [done] }),
      /Done: <\/strong><bdi>ann paused/,
    );
    assert.match(render([upToDate()], { asked, events: [refused] }), /Refused: /);
  });

  it("says in its title how the worst source stands", () => {
    assert.match(render([upToDate()]), /<title>Up to date · Rowgate/);
    assert.match(render([upToDate("a"), held(), upToDate("b")]), /<title>1 of 3 held · Rowgate/);
    assert.match(render([upToDate("a"), upToDate("b")]), /<title>All up to date · Rowgate/);
  });
});
