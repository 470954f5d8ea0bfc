/** What real hosts said, and what becomes of it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RowgateError } from "../../../src/domain/errors.ts";
import { remoteFailure } from "../../../src/repositories/git/errors.ts";

const URL = "https://git.example/shop.git";
const RIGHTS =
  "fatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.\n";

const cases: Readonly<Record<string, readonly string[]>> = {
  "repository-unreachable": [
    `fatal: unable to access '${URL}/': Could not resolve host: git.example\n`,
    `fatal: unable to access '${URL}/': Failed to connect to git.example port 443 after 1 ms: Connection refused\n`,
    `fatal: unable to access '${URL}/': The requested URL returned error: 503\n`,
    `fatal: unable to access '${URL}/': Operation too slow. Less than 1000 bytes/sec transferred the last 20 seconds\n`,
    `ssh: connect to host git.example port 22: Connection timed out\r\n${RIGHTS}`,
    `kex_exchange_identification: Connection closed by remote host\n${RIGHTS}`,
    "error: RPC failed; curl 18 transfer closed\nfatal: early EOF\nfatal: fetch-pack: invalid index-pack output\n",
    "remote: error: No space left on device\nfatal: the remote end hung up unexpectedly\n",
    "remote: fatal: too-short tree object\nremote: aborting due to possible repository corruption on the remote side.\nfatal: protocol error: bad pack header\n",
    "something that nobody has seen yet\n",
    "",
  ],
  "repository-refused": [
    `remote: HTTP Basic: Access denied\nfatal: Authentication failed for '${URL}/'\n`,
    "fatal: could not read Username for 'https://git.example': terminal prompts disabled\n",
    `fatal: unable to access '${URL}/': The requested URL returned error: 403\n`,
    `git@git.example: Permission denied (publickey).\r\n${RIGHTS}`,
    `Host key verification failed.\r\n${RIGHTS}`,
    `fatal: unable to access '${URL}/': SSL certificate problem: self-signed certificate\n`,
    "fatal: detected dubious ownership in repository at '/srv/shop.git'\n",
  ],
  "repository-missing": [
    `remote: Repository not found.\nfatal: repository '${URL}/' not found\n`,
    `ERROR: Repository not found.\n${RIGHTS}`,
    `fatal: '/srv/shop.git' does not appear to be a git repository\n${RIGHTS}`,
    `remote: The project you were looking for could not be found or you don't have permission to view it.\nfatal: repository '${URL}/' not found\n`,
  ],
  "cache-unwritable": [
    "fatal: write error: No space left on device\nfatal: fetch-pack: invalid index-pack output\n",
    "error: unable to create temporary file: Read-only file system\nfatal: failed to write object\n",
  ],
  CacheBroken: [
    "fatal: not a git repository: '/var/lib/x.git'\n",
    "fatal: Unable to create '/var/lib/x.git/shallow.lock': File exists.\n",
    "error: packfile ./objects/pack/pack-1.pack does not match index\n",
    "fatal: loose object 1234 (stored in ./objects/12/34) is corrupt\n",
  ],
  ObjectGone: [
    "fatal: remote error: upload-pack: not our ref 1111\n",
    "error: Server does not allow request for unadvertised object 1111\n",
  ],
  FilterRefused: ["fatal: remote error: filter 'tree' not supported\n"],
};

describe("what a host of Git says", () => {
  for (const [expected, texts] of Object.entries(cases)) {
    for (const text of texts) {
      it(`${JSON.stringify(text.slice(0, 60))} is ${expected}`, () => {
        const error = remoteFailure(URL, text);
        assert.equal(error instanceof RowgateError ? error.code : error.name, expected);
      });
    }
  }

  it("becomes one line, without the advice that git always adds", () => {
    const error = remoteFailure(
      URL,
      `git@git.example: Permission denied (publickey).\r\n${RIGHTS}`,
    );

    assert.equal(
      error.message,
      `the repository ${URL} lets nobody in: git@git.example: Permission denied (publickey).; Could not read from remote repository.`,
    );
  });

  it("has no control characters, and is not too long", () => {
    const error = remoteFailure(URL, `remote: \u001b[31mred\u0007${"x".repeat(5000)}\n`);

    assert.doesNotMatch(error.message, /\p{Cc}/u);
    assert.ok(error.message.length < 400);
  });
});
