/** A disk of a size that a test sets, in memory, so that it can be full. */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface SmallDisk {
  /** Takes all the room that is left. */
  fill(): Promise<void>;
  /** Gives the room back that `fill` took. */
  clear(): Promise<void>;
  /** Makes it larger or smaller. */
  resize(kilobytes: number): void;
  close(): void;
}

/** Why nobody can mount one here, or false: root can, but for that of most containers. */
export const skipSmallDisk: string | false = await findObstacle();

/** Mounts one at a path, over what is there. */
export async function mountSmallDisk(path: string, kilobytes: number): Promise<SmallDisk> {
  const filler = join(path, ".filler");
  await mkdir(path, { recursive: true });
  mount("-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", path);

  return {
    fill: async () => {
      await writeFile(filler, Buffer.alloc(kilobytes * 1024)).catch((error: unknown) => {
        if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) {
          throw error;
        }
      });
    },
    clear: async () => rm(filler),
    resize: (to) => mount("-o", `remount,size=${to}k`, path),
    // Whoever still looks at it has it until he is done.
    close: () => run("umount", "--lazy", path),
  };
}

async function findObstacle(): Promise<string | false> {
  const path = await mkdtemp(join(tmpdir(), "rowgate-disk-"));
  try {
    (await mountSmallDisk(path, 64)).close();
    return false;
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error);
    return `no small disk can be mounted here: ${String(reason)}`;
  } finally {
    await rm(path, { recursive: true, force: true });
  }
}

function mount(...args: readonly string[]): void {
  run("mount", ...args);
}

function run(program: string, ...args: readonly string[]): void {
  execFileSync(program, args, { stdio: ["ignore", "ignore", "pipe"] });
}
