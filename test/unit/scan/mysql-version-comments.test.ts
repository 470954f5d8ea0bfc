import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { array, assert as holds, constantFrom, property } from "fast-check";
import { mysqlTokens } from "../../../src/scan/mysql-tokens.ts";
import { unwrapVersionComments } from "../../../src/scan/mysql-version-comments.ts";

describe("the version comments of a text", () => {
  const unwrapped: readonly (readonly [title: string, text: string, expected: string])[] = [
    ["go when both servers run them", "/*!40101 SET NAMES utf8 */", "SET NAMES utf8"],
    ["go without a version", "SELECT 1 /*! + 1 */", "SELECT 1  + 1"],
    ["go up to MySQL 5.6", "SELECT 1 /*!50699 + 1 */", "SELECT 1  + 1"],
    ["go with six digits before a blank", "SELECT /*!040101 1 */", "SELECT  1"],
    [
      "go where a dump has several",
      "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`%`*/",
      "CREATE  DEFINER=`a`@`%`",
    ],
    ["leave tokens apart", "a/*!40101b*/c", "a b c"],
    ["leave strings alone", "/*!40101 SET @a = '*/' */", "SET @a = '*/'"],
    ["leave comments in them", "/*!40101 a /* b */ c */", "a /* b */ c"],
    ["leave what no server runs", "/*!40101 a /*!99999 b */ c */", "a /*!99999 b */ c"],
    ["leave lines", "/*!40101\na\n*/\nb", "\na\n\nb"],
    ["go beside others", "/*!80000 a */ /*!40101 b */", "/*!80000 a */  b"],
  ];

  for (const [title, text, expected] of unwrapped) {
    it(title, () => assert.equal(unwrapVersionComments(text), expected));
  }

  const kept: readonly (readonly [title: string, text: string])[] = [
    ["stay when MariaDB skips them", "SELECT 1 /*!50700 + 1 */ /*!80000 + 1 */ /*!99999 + 1 */"],
    ["stay when MySQL skips them", "SELECT 1 /*!100100 + 1 */ /*M! + 1 */ /*M!50000 + 1 */"],
    ["stay when the servers read other versions", "SELECT 1 + /*!0401012 */"],
    ["stay when one is in the other", "/*!40101 a /*!40101 b */ c */"],
    ["stay when they have no end", "/*!40101 a"],
    ["are none in a string", "SELECT '/*!40101 a */'"],
    ["are none in a comment", "-- /*!40101 a */"],
  ];

  for (const [title, text] of kept) {
    it(title, () => assert.equal(unwrapVersionComments(text), undefined));
  }

  it("leave each token on its line", () => {
    const soup = array(
      constantFrom(..."a 1 ' ` /* */ - -- # /*! /*!40101 /*!80000".split(" "), "\n", " ", "'/*!'"),
    ).map((parts) => parts.join(""));

    holds(
      property(soup, (text) =>
        assert.deepEqual(tokens(unwrapVersionComments(text) ?? text), tokens(text)),
      ),
      {
        numRuns: 2000,
      },
    );
  });
});

/** Every token but spaces and the comments' ends that go, each behind its line. */
function tokens(text: string): readonly string[] {
  return [...mysqlTokens(text)]
    .filter(
      ({ kind, start }) =>
        kind !== "space" &&
        kind !== "version-end" &&
        (kind !== "version" || text.startsWith("/*!80000", start)),
    )
    .map(
      ({ start, end }) => `${text.slice(0, start).split("\n").length} ${text.slice(start, end)}`,
    );
}
