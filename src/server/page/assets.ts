/** The files that the page loads: read once. */
import { readFile } from "node:fs/promises";
import type { Tone } from "./tone.ts";

export interface Asset {
  readonly type: string;
  readonly content: string;
}

/** By the path that each is served at. */
export async function readAssets(): Promise<ReadonlyMap<string, Asset>> {
  const [css, script] = await Promise.all([read("page.css"), read("page.js")]);
  return new Map([
    ["/page.css", { type: "text/css; charset=utf-8", content: css }],
    ["/page.js", { type: "text/javascript; charset=utf-8", content: script }],
  ]);
}

/** The mark of a tab: its colour and its shape tell how things are. */
export function favicon(tone: Tone): string {
  const { color, sign } = ICONS[tone];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="${color}"/><path d="${sign}" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
}

export function isTone(text: string): text is Tone {
  return text in ICONS;
}

const ICONS: Readonly<Record<Tone, { readonly color: string; readonly sign: string }>> = {
  good: { color: "#1a7f45", sign: "M4 8.5 7 11l5-6" },
  busy: { color: "#1f6feb", sign: "M4 8h8M9 5l3 3-3 3" },
  waiting: { color: "#7a5af5", sign: "M6 4.5v7M10 4.5v7" },
  held: { color: "#b35900", sign: "M8 4v5M8 12v.2" },
  failed: { color: "#c62a2f", sign: "m5 5 6 6M11 5l-6 6" },
  idle: { color: "#6b7280", sign: "M5 8h6" },
};

function read(name: string): Promise<string> {
  return readFile(new URL(import.meta.resolve(`rowgate/templates/watch/${name}`)), "utf8");
}
