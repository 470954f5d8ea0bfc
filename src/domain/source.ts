/**
 * A place in the user's tree. `path` is relative to the root of the source, with `/`; `line` and
 * `column` start at 1, and columns count code points, as PostgreSQL does.
 */
export interface SourcePosition {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** `path:line:column`, the form that editors and terminals can jump to. */
export function formatPosition(at: SourcePosition): string {
  return `${at.path}:${at.line}:${at.column}`;
}

/** Something worth saying about a source that does not stop the build; never an error. */
export interface Note {
  readonly at: SourcePosition;
  /** One sentence, lower case, without a full stop. */
  readonly message: string;
}
