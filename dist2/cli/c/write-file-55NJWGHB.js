import {
  systemReason
} from "./chunk-FV4YOVFI.js";
import {
  RowgateError
} from "./chunk-3NATZIJ7.js";

// src/bundler/write-file.ts
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
async function writeTextFile(path, text) {
  const { target, isSpecial } = await placeOf(path);
  const draft = isSpecial ? target : draftOf(target);
  try {
    await pipeline(
      Readable.from(text),
      createWriteStream(draft, isSpecial ? {} : { flags: "wx", flush: true })
    );
    if (!isSpecial) {
      await rename(draft, target);
    }
  } catch (error) {
    if (!isSpecial) {
      await rm(draft, { force: true });
    }
    throw isAbout(error, [draft, target]) ? unwritable(path, error) : error;
  }
}
async function writeTextTo(stream, text) {
  await pipeline(Readable.from(text), stream, { end: false });
}
async function placeOf(path) {
  try {
    const target = await realpath(path);
    return { target, isSpecial: !(await stat(target)).isFile() };
  } catch {
    return { target: path, isSpecial: false };
  }
}
function draftOf(target) {
  const tag = randomBytes(6).toString("hex");
  return join(dirname(target), `.${basename(target)}.${tag}.tmp`);
}
function isAbout(error, paths) {
  return error instanceof Error && "path" in error && paths.includes(String(error.path));
}
function unwritable(path, error) {
  return new RowgateError("file-unreadable", {
    message: `cannot write ${path}: ${systemReason(error)}`,
    hint: "Name a file in a directory that exists and that you may write to.",
    cause: error
  });
}
export {
  writeTextFile,
  writeTextTo
};
