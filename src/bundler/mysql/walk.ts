/** One file, after the rules of the clients `mysql` and `mariadb`: its statements and its includes. */
import { scanMysql } from "../../scan/mysql.ts";
import type { FilePlace } from "../files/read-text.ts";
import type { Session } from "../reading/session.ts";
import { openSource } from "../reading/source-text.ts";
import type { IncludeItem, WalkedStatement } from "../reading/walked.ts";
import { checkDirectives } from "./directives.ts";
import type { FileState } from "./file-state.ts";
import { runCommand } from "./run-command.ts";
import { readStatement } from "./statement-text.ts";

/**
 * What a file holds, read as it is asked for; nothing for a file of comments. All that is read goes
 * to the session's hash, without the commands that include other files, and so do files of data.
 *
 * @throws RowgateError `client-command` for commands that a bundle cannot hold; `syntax-invalid`
 * for what is never closed; `directive-unknown` for a directive that stands too late; `include-missing` and `include-outside`; what `readText` and
 * `renderTemplate` throw.
 */
export async function* walkFile(
  place: FilePlace,
  session: Session,
): AsyncGenerator<WalkedStatement | IncludeItem> {
  session.onFile(place.path);

  const source = await openSource(place, session.tree);
  const state: FileState = { place, session, source, hasStatement: false, hasQuit: false };

  // Flat, with a plain call for each statement: a generator for each would double the time.
  for await (const event of scanMysql(source.chunks, session.client)) {
    checkDirectives(state, event);
    if (event.kind === "statement") {
      session.hash.update(event.gap + event.text + event.end);
      state.hasStatement = true;
      for (const statement of readStatement(state, event)) {
        yield statement;
      }
    } else if (event.kind === "tail") {
      session.hash.update(event.text);
    } else {
      const include = runCommand(state, event);

      if (include !== undefined) {
        yield include;
      }
    }
    if (state.hasQuit) {
      break;
    }
  }
}
