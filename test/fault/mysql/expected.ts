import assert from "node:assert/strict";
import type { MysqlEngine, MysqlServer } from "../../helpers/engines.ts";
import { stateOf } from "../state.ts";
import { startClient } from "./clients.ts";
import type { Form } from "./forms.ts";
import { withSite } from "./site.ts";

/** The state after a run that nobody broke off. */
export async function expectedState(
  engine: MysqlEngine,
  server: MysqlServer,
  form: Form,
): Promise<string> {
  return withSite(engine, server, async (site) => {
    const outcome = await startClient("native", form, site).outcome;
    assert.equal(outcome.ok, true, outcome.said);

    return stateOf(site.db);
  });
}
