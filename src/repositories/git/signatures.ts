/** Whether revisions were signed by somebody who may. */
import { access } from "node:fs/promises";
import { RowgateError } from "../../domain/errors.ts";
import type { Fetched, Unverified } from "../../domain/repository.ts";
import type { ProgramNeed } from "../programs.ts";
import type { VerifySettings } from "../settings.ts";
import { GitExit, type GitCache } from "./cache.ts";
import { parseRevision, REVISION_FORMAT } from "./history.ts";
import type { GitObjects } from "./objects.ts";
import { leadsToTag, type GitRef } from "./ref.ts";

export interface Verification extends VerifySettings {
  /** Those that check the signatures. */
  readonly programs: readonly ProgramNeed[];
}

/** What git says with one letter; `G` is the only good one. */
const REASONS: Readonly<Record<string, string>> = {
  N: "it has no signature",
  B: "its signature does not hold",
  U: "the key of its signature is not trusted",
  E: "the key of its signature is not known",
  X: "its signature has expired",
  Y: "the key of its signature has expired",
  R: "the key of its signature was revoked",
};

/** @throws RowgateError `config-invalid`, when nothing could ever be verified. */
export function parseVerification(settings: VerifySettings, ref: GitRef): Verification {
  const { mode, allowedSignersFile, gpgHome } = settings;

  if (mode !== "none" && allowedSignersFile === undefined && gpgHome === undefined) {
    throw new RowgateError("config-invalid", {
      message: `signatures are to be verified (${mode}), and no keys are named`,
      hint: "Name allowedSignersFile for SSH keys or gpgHome for GPG keys under verify.",
    });
  }

  if (mode === "tag" && !leadsToTag(ref)) {
    throw new RowgateError("config-invalid", {
      message: "the signature of a tag is to be verified, and no tag is followed",
      hint: "Set ref to tag:NAME or semver:RANGE, or verify the mode head or range.",
    });
  }

  return { ...settings, programs: mode === "none" ? [] : programsFor(settings) };
}

function programsFor({ allowedSignersFile, gpgHome }: VerifySettings): Verification["programs"] {
  return [
    ...(allowedSignersFile === undefined ? [] : [{ command: "ssh-keygen", args: ["-?"] }]),
    ...(gpgHome === undefined ? [] : [{ command: "gpg", args: ["--version"] }]),
  ];
}

export interface Question {
  readonly verification: Verification;
  readonly fetched: Fetched;
}

/**
 * The revisions whose signatures do not hold, oldest first. With the mode `range` all since the base,
 * those of merged branches too, however many they are.
 *
 * @throws RowgateError `file-unreadable`, when the keys cannot be read.
 */
export async function findUnverified(
  { cache, objects }: { readonly cache: GitCache; readonly objects: GitObjects },
  { verification, fetched }: Question,
  signal: AbortSignal,
): Promise<readonly Unverified[]> {
  const { mode } = verification;

  if (mode === "none") {
    return [];
  }

  await checkKeys(verification);

  if (mode === "tag") {
    return verifyTag({ cache, objects }, { verification, fetched }, signal);
  }

  const base = mode === "range" ? fetched.base : undefined;
  return verifyCommits(cache, { verification, commit: fetched.revision.id, base }, signal);
}

async function verifyCommits(
  cache: GitCache,
  {
    verification,
    commit,
    base,
  }: {
    readonly verification: Verification;
    readonly commit: string;
    readonly base: string | undefined;
  },
  signal: AbortSignal,
): Promise<readonly Unverified[]> {
  const text = await cache.text(
    [
      ...configuration(verification),
      "log",
      "--topo-order",
      "--reverse",
      `--format=%G?%x00${REVISION_FORMAT}`,
      ...(base === undefined ? ["--max-count=1", commit] : [commit, `^${base}`]),
    ],
    { signal, env: environment(verification) },
  );

  return text
    .split("\n")
    .filter(Boolean)
    .flatMap((line): Unverified[] => {
      const letter = line.slice(0, 1);
      const revision = parseRevision(line.slice(2));
      return letter === "G" ? [] : [{ revision, reason: REASONS[letter] ?? REASONS["E"] ?? "" }];
    });
}

async function verifyTag(
  { cache, objects }: { readonly cache: GitCache; readonly objects: GitObjects },
  { verification, fetched }: Question,
  signal: AbortSignal,
): Promise<readonly Unverified[]> {
  const [name = "", id = ""] = fetched.identity.split(" ");
  const { revision } = fetched;

  if (id === revision.id) {
    return [{ revision, reason: `the tag ${name} is not annotated, so that it has no signature` }];
  }

  if (!(await objects.here([id], signal)).has(id)) {
    await objects.bringCommit(id, [revision.id], signal);
  }

  try {
    const options = ["-c", "gpg.minTrustLevel=marginal"];
    await cache.text([...configuration(verification), ...options, "verify-tag", id], {
      signal,
      env: environment(verification),
    });
    return [];
  } catch (error) {
    if (error instanceof GitExit && error.exitCode === 1) {
      return [
        { revision, reason: `the signature of the tag ${name} does not hold: ${error.message}` },
      ];
    }
    throw error;
  }
}

/** Without a file git would say of SSH signatures that there are none. */
function configuration({ allowedSignersFile = "/dev/null" }: Verification): readonly string[] {
  return ["-c", `gpg.ssh.allowedSignersFile=${allowedSignersFile}`];
}

function environment({ gpgHome }: Verification): Readonly<Record<string, string>> {
  return gpgHome === undefined ? {} : { GNUPGHOME: gpgHome };
}

async function checkKeys({ allowedSignersFile, gpgHome }: Verification): Promise<void> {
  for (const path of [allowedSignersFile, gpgHome]) {
    if (path !== undefined) {
      await access(path).catch((error: unknown) => {
        throw new RowgateError("file-unreadable", {
          message: `cannot read ${path}, which holds the keys of signatures`,
          hint: "Check allowedSignersFile and gpgHome under verify.",
          cause: error,
        });
      });
    }
  }
}
