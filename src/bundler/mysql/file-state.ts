/** How far the reading of one file has come. */
import type { FilePlace } from "../files/read-text.ts";
import type { Session } from "../reading/session.ts";
import type { SourceText } from "../reading/source-text.ts";

export interface FileState {
  readonly place: FilePlace;
  readonly session: Session;
  readonly source: SourceText;
  /** A statement was met: from here on directives have no effect. */
  hasStatement: boolean;
  /** `exit` was met: the client reads no further. */
  hasQuit: boolean;
}
