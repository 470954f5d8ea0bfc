/** Finds and reads rowgate.yaml. */
import { readFile } from "node:fs/promises";
import { relative, resolve } from "node:path";
import { RowgateError } from "../domain/errors.ts";
import type { Config } from "./config.ts";
import type { Environment } from "./expand.ts";

const CONFIG_NAME = "rowgate.yaml";

export interface ConfigRequest {
  /** The file named by the user; undefined to look for rowgate.yaml in the directory. */
  readonly path: string | undefined;
  /** Where to look, absolute. */
  readonly directory: string;
  readonly env: Environment;
}

/**
 * The settings of rowgate.yaml; undefined when none was named and none is there. The YAML parser is
 * loaded only when there is a file.
 *
 * @throws RowgateError `config-missing`, when the named file is not there; `file-unreadable`;
 * `config-invalid`, with its place, when it cannot be understood.
 */
export async function loadConfig(request: ConfigRequest): Promise<Config | undefined> {
  const path = resolve(request.directory, request.path ?? CONFIG_NAME);
  const text = await readText(path, request);
  if (text === undefined) {
    return undefined;
  }

  const { parseConfig } = await import("./parse-config.ts");
  const name = relative(request.directory, path).replaceAll("\\", "/");
  return parseConfig({ path, name, text: text.replace(/^\uFEFF/, "") }, request.env);
}

async function readText(path: string, request: ConfigRequest): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ENOENT") {
      throw new RowgateError("file-unreadable", {
        message: `cannot read ${request.path ?? CONFIG_NAME}: ${String(code ?? error)}`,
        hint: "Check that it is a file that you may read.",
        cause: error,
      });
    }
    if (request.path !== undefined) {
      throw new RowgateError("config-missing", {
        message: `there is no file ${request.path}`,
        hint: "Name an existing file with --config.",
        cause: error,
      });
    }
    return undefined;
  }
}
