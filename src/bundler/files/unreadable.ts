/** The error for a file that is there but cannot be read. */
import { RowgateError } from "../../domain/errors.ts";
import { errorCode, systemReason } from "./system-reason.ts";

const HINTS: Readonly<Record<string, string>> = {
  EACCES: "Give the user who runs this the right to read it.",
  EPERM: "Give the user who runs this the right to read it.",
  EISDIR: "Name a file in it.",
  ELOOP: "Replace the link by the file itself.",
  ENOENT: "Bring the file back, or run the command again.",
};

/** `file-unreadable`, at the file as a whole, for an error of the system. */
export function unreadable(path: string, cause: unknown): RowgateError {
  return unreadableFor(path, {
    reason: systemReason(cause),
    hint: HINTS[errorCode(cause) ?? ""] ?? "Check the file, and the disk that it is on.",
    cause,
  });
}

/** `file-unreadable` for a symbolic link that leads nowhere. */
export function brokenLink(path: string, cause: unknown): RowgateError {
  return unreadableFor(path, {
    reason: "it is a symbolic link to a file that does not exist",
    hint: "Bring back the file that it leads to, or remove the link.",
    cause,
  });
}

/** `file-unreadable` for a pipe, a socket or a device: reading it could wait for good. */
export function notRegular(path: string): RowgateError {
  return unreadableFor(path, {
    reason: "it is a pipe or a device, not a file",
    hint: "Replace it by a file with its text.",
  });
}

function unreadableFor(
  path: string,
  { reason, hint, cause }: { readonly reason: string; readonly hint: string; cause?: unknown },
): RowgateError {
  return new RowgateError("file-unreadable", {
    message: `${path} cannot be read: ${reason}`,
    hint,
    at: { path, line: 1, column: 1 },
    cause,
  });
}
