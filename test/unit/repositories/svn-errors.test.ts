/** What svn said of real hosts, and what becomes of it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RowgateError } from "../../../src/domain/errors.ts";
import { svnFailure } from "../../../src/repositories/svn/errors.ts";

const URL = "svn://svn.example/shop";
const UNABLE = `svn: E170013: Unable to connect to a repository at URL '${URL}'\n`;

const cases: Readonly<Record<string, readonly string[]>> = {
  "repository-unreachable": [
    `${UNABLE}svn: E000111: Can't connect to host 'svn.example': Connection refused\n`,
    `${UNABLE}svn: E670002: Unknown hostname 'svn.example'\n`,
    `${UNABLE}svn: E210002: Network connection closed unexpectedly\n`,
    `${UNABLE}svn: E175012: Connection timed out\n`,
    "svn: E120108: Error running context: The server unexpectedly closed the connection.\n",
    "something that nobody has seen yet\n",
    "",
  ],
  "repository-refused": [
    `${UNABLE}svn: E170001: Authentication error from server: Password incorrect\n`,
    `${UNABLE}svn: E170001: Can't get username or password\n`,
    `${UNABLE}svn: E215004: No more credentials or we tried too many times.\nAuthentication failed\n`,
    `${UNABLE}svn: E230001: Server SSL certificate verification failed: issuer is not trusted\n`,
    "svn: E175013: Access to '/svn/shop' forbidden\n",
    `git@svn.example: Permission denied (publickey).\r\n${UNABLE}svn: E210002: To better debug SSH connection problems\n`,
    `Host key verification failed.\r\n${UNABLE}`,
  ],
  "repository-missing": [
    `${UNABLE}svn: E210005: No repository found in '${URL}'\n`,
    `${UNABLE}svn: E180001: Unable to open repository 'file:///srv/shop'\n`,
    `${UNABLE}svn: E000002: Could not find the requested SVN filesystem\n`,
    `${UNABLE}svn: E175003: The server at '${URL}' does not support the HTTP/DAV protocol\n`,
    "svn: E170011: Repository moved permanently to 'https://svn.example/new'\n",
  ],
  "cache-unwritable": ["svn: E000028: Can't write to file '/var/x': No space left on device\n"],
  NothingThere: [
    "svn: E160013: File not found: revision 4, path '/trunk/db'\n",
    "svn: warning: W170000: URL 'svn://svn.example/shop/x' non-existent in revision 2\n\nsvn: E200009: Could not display info for all targets because some targets don't exist\n",
    "svn: E195012: Unable to find repository location for 'svn://svn.example/shop' in revision 4\n",
    "svn: E160006: No such revision 99\n",
    "svn: E170000: URL 'svn://svn.example/shop/x' doesn't exist\n",
  ],
};

describe("what svn says of a host", () => {
  for (const [expected, texts] of Object.entries(cases)) {
    for (const text of texts) {
      it(`${JSON.stringify(text.replace(UNABLE, "").slice(0, 60))} is ${expected}`, () => {
        const error = svnFailure(URL, text);
        assert.equal(error instanceof RowgateError ? error.code : error.name, expected);
      });
    }
  }
});
