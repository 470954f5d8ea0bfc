/** What people ask of a watcher, one file each, until it has dealt with it. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { WatchRequest } from "../../domain/watch.ts";
import { codeOf, makeDirectory, readIfThere, replaceFile, unwritable } from "./files.ts";

const ID = /^[\w-]{1,64}$/;
const ACTIONS = new Set(["sync", "pause", "resume", "approve", "reject", "retry"]);

/** @throws RowgateError `store-unwritable`. */
export async function writeRequest(directory: string, request: WatchRequest): Promise<void> {
  await makeDirectory(folderOf(directory));
  await replaceFile(fileOf(directory, request.id), JSON.stringify(request), true);
}

/** Those that wait, oldest first as far as their ids tell; what is no request is removed. */
export async function readRequests(directory: string): Promise<readonly WatchRequest[]> {
  const names = (await list(folderOf(directory))).filter((name) => name.endsWith(".json"));
  const requests: WatchRequest[] = [];

  for (const name of names.toSorted()) {
    const id = name.slice(0, -".json".length);
    const request = parse(await readIfThere(fileOf(directory, id)));
    if (request?.id === id && ID.test(id)) {
      requests.push(request);
    } else {
      await removeRequest(directory, id);
    }
  }
  return requests;
}

/** @throws RowgateError `store-unwritable`. */
export async function removeRequest(directory: string, id: string): Promise<void> {
  try {
    await rm(fileOf(directory, id), { force: true });
  } catch (error) {
    throw unwritable(fileOf(directory, id), error);
  }
}

function folderOf(directory: string): string {
  return join(directory, "requests");
}

function fileOf(directory: string, id: string): string {
  return join(folderOf(directory), `${id}.json`);
}

async function list(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return [];
    }
    throw error;
  }
}

function parse(text: string | undefined): WatchRequest | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return isRequest(value)
      ? { ...value, reason: value.reason ?? undefined, plan: value.plan ?? undefined }
      : undefined;
  } catch {
    return undefined;
  }
}

function isRequest(value: unknown): value is WatchRequest {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const isText = (name: string): boolean => typeof fields[name] === "string";
  const mayBeText = (name: string): boolean => fields[name] === undefined || isText(name);

  return (
    ["id", "source", "by"].every(isText) &&
    ["reason", "plan"].every(mayBeText) &&
    ACTIONS.has(String(fields["action"]))
  );
}
