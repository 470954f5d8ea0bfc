import assert from "node:assert/strict";
import { inspect } from "node:util";
import { RowgateError } from "../../../src/domain/errors.ts";
import { PASSWORD } from "../../helpers/engines.ts";
import { connectTo } from "./connect.ts";

/** A password that is wrong everywhere. */
export const CANARY = "canary-4711";

/** The error of a connection that must fail; nothing in it may show a password. */
export async function refusal(url: string): Promise<RowgateError> {
  const error: unknown = await connectTo(url).then(
    (connection) => connection.close(),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof RowgateError, `no error of Rowgate: ${inspect(error)}`);
  const all = inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error);
  assert.doesNotMatch(all, new RegExp(`${CANARY}|${PASSWORD}`));

  return error;
}
