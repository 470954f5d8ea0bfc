/** A real browser: the machine's own Chromium, else Debian's. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { debianPackages } from "../../helpers/debian-packages.ts";
import { attempt, type Found, libraryFolders, type Program } from "../../helpers/programs.ts";

const USUAL = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/google-chrome"];

/** What a browser without a screen does not load; with it the packages would be twice as large. */
const WITHOUT = [
  "debconf",
  "libc-bin",
  "libc-l10n",
  "libc6_",
  "libgl1-mesa",
  "libllvm",
  "libperl",
  "libz3",
  "mesa-",
  "perl",
  "x11-",
  "xdg-",
];

const found = await findChromium();

/** Why this machine has no browser, or false. In CI a missing one is a failure instead. */
export const skipBrowser: string | false = "missing" in found ? found.missing : false;

if (skipBrowser !== false && process.env["CI"] !== undefined) {
  throw new Error(`CI must have a browser: ${skipBrowser}`);
}

export async function openBrowser(): Promise<Browser> {
  if ("missing" in found) {
    throw new Error(found.missing);
  }
  const { command, args, env } = found.value;
  return chromium.launch({
    executablePath: command,
    args: [...args, "--disable-gpu"],
    env: { ...process.env, ...env },
    // Its own sandbox wants rights that containers do not give, and it sees no page but ours.
    chromiumSandbox: false,
  });
}

/** It starts itself again as other processes, so it has to live with the machine's own libc. */
async function findChromium(): Promise<Found<Program>> {
  const own = USUAL.find((path) => existsSync(path));
  if (own !== undefined) {
    return { value: { command: own, args: [], env: {} } };
  }

  return attempt("Chromium is not installed", async () => {
    const root = await debianPackages({
      name: "chromium-headless-bookworm",
      suite: "bookworm",
      packages: ["chromium-headless-shell", "fonts-dejavu-core"],
      without: WITHOUT,
    });
    const folders = libraryFolders(root);
    const libraries = [...folders, ...folders.map((folder) => join(folder, "pulseaudio"))];
    return {
      command: join(root, "usr/lib/chromium/chromium-headless-shell"),
      args: [],
      env: { LD_LIBRARY_PATH: libraries.join(delimiter), FONTCONFIG_SYSROOT: root },
    };
  });
}
