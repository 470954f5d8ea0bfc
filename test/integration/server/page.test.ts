/** The page in a real browser. With ROWGATE_SCREENSHOTS, pictures of it are left in that directory. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { SourceState } from "../../../src/domain/watch.ts";
import { hostile } from "../../unit/server/hostile.ts";
import { event } from "../../unit/server/memory-view.ts";
import {
  deploying,
  held,
  partlyFailed,
  PLAN,
  settling,
  unreachable,
  upToDate,
  waitingForApproval,
} from "../../unit/server/sample.ts";
import { openBrowser, skipBrowser } from "./browser.ts";
import { closeServers, startWatchServer, type TestServer, TOKEN } from "./setup.ts";

const WIDE = { width: 1200, height: 900 };
const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: "light", viewport: WIDE },
  dark: { colorScheme: "dark", viewport: WIDE },
  narrow: { colorScheme: "light", viewport: { width: 360, height: 740 } },
};

const STATES: Readonly<Record<string, (now: number) => readonly SourceState[]>> = {
  "up to date": (now) => [upToDate("shop", now)],
  "new revision": (now) => [settling(now)],
  deploying: (now) => [deploying(now)],
  held: (now) => [held(now)],
  "waiting for approval": (now) => [waitingForApproval(now)],
  "partly failed": (now) => [partlyFailed(now)],
  "cannot be asked": (now) => [unreachable(now)],
  hostile: (now) => [upToDate("crm", now), waitingForApproval(now), hostile(now)],
};

describe("the page in a browser", { skip: skipBrowser }, () => {
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(async () => {
    await browser.close();
    await closeServers();
  });

  /** A page without what the last one left; whatever it complains of is an error of the test. */
  async function open(
    server: TestServer,
    options: BrowserContextOptions = {},
  ): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(server.address);
    return { page, complaints };
  }

  for (const [state, sources] of Object.entries(STATES)) {
    for (const [look, options] of Object.entries(LOOKS)) {
      it(`fits, and is readable: ${state}, ${look}`, async () => {
        const now = Date.now();
        const server = await startWatchServer(sources(now));
        const at = new Date(now - 40_000).toISOString();
        server.view.become(sources(now), [
          event(1, { at }),
          event(2, { at, code: "target.ok", message: "dev: 3 blocks applied" }),
          event(3, { at, code: "hold.set", level: "warn", message: "staging is held" }),
        ]);
        const { page, complaints } = await open(server, options);
        if (look !== "dark") {
          await signIn(page);
        }

        await keepScreenshot(page, `${state.replaceAll(" ", "-")}-${look}.png`);
        assert.equal(await page.evaluate(WIDER_THAN_ITS_WINDOW), 0);
        assert.deepEqual(await page.evaluate(FAINT_TEXTS), []);
        assert.doesNotMatch(await page.title(), /owned/);
        assert.deepEqual(complaints, []);
        await page.context().close();
        await server.close();
      });
    }
  }

  it("follows the watcher, and says so to who cannot see it", async () => {
    const now = Date.now();
    const server = await startWatchServer([deploying(now)]);
    const { page, complaints } = await open(server);
    const standing = page.locator('[id="source-shop:head"] .standing');
    assert.equal(await standing.textContent(), "Deploying");
    await page.waitForFunction("document.readyState === 'complete'");

    server.view.become([held(now)], [event(1, { message: "staging is held" })]);
    await page.locator('[id="source-shop:head"] .standing', { hasText: "Held" }).waitFor();
    assert.equal(await page.locator("#said").textContent(), "shop: staging is held");
    await page.waitForFunction("document.title.startsWith('Held')");
    assert.equal(await page.locator("#source-shop").getAttribute("class"), "source held");

    server.view.become([upToDate("shop", now), upToDate("crm", now)]);
    await page.locator("#source-crm").waitFor();
    assert.deepEqual(complaints, []);
    await page.context().close();
  });

  it("says when the watcher does not answer, and when it does again", async () => {
    const first = await startWatchServer([upToDate("shop", Date.now())]);
    const port = Number(new URL(first.address).port);
    const { page } = await open(first);
    await page.waitForFunction("document.readyState === 'complete'");
    assert.equal(await page.locator("#stale").isVisible(), false);

    await first.close();
    await page.locator("#stale").waitFor();
    const second = await startWatchServer([held(Date.now())], {
      listen: { host: "127.0.0.1", port },
    });
    await page.locator('[id="source-shop:head"] .standing', { hasText: "Held" }).waitFor();
    await page.locator("#stale").waitFor({ state: "hidden" });
    await second.close();
    await page.context().close();
  });

  it("lets a person approve with the keyboard alone", async () => {
    const server = await startWatchServer([waitingForApproval(Date.now())]);
    const { page } = await open(server);
    await signIn(page);

    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate("document.activeElement.textContent"), "Skip to the content");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate("document.activeElement.id"), "source-shop:approve");
    assert.notEqual(
      await page.evaluate("getComputedStyle(document.activeElement).outlineStyle"),
      "none",
    );
    await page.keyboard.press("Enter");

    await page.getByText("Your request was handed in").waitFor();
    const [request] = server.view.requests;
    assert.deepEqual([request?.action, request?.plan, request?.by], ["approve", PLAN, "ann"]);

    server.view.become(
      [deploying(Date.now())],
      [
        event(1, {
          code: "gate.approved",
          message: "ann approved it",
          data: { request: request?.id },
        }),
      ],
    );
    await page.getByText("Done: ann approved it").waitFor();
    await page.context().close();
  });

  it("keeps what somebody writes while the watcher goes on", async () => {
    const now = Date.now();
    const server = await startWatchServer([waitingForApproval(now)]);
    const { page } = await open(server);
    await signIn(page);

    await page.locator('[id="source-shop:reject"]').click();
    await page.getByLabel("Why is it rejected?").fill("not before the weekend");
    server.view.become([held(now)]);
    await page.locator('[id="source-shop:head"] .standing', { hasText: "Held" }).waitFor();
    assert.equal(
      await page.getByLabel("Why is it rejected?").inputValue(),
      "not before the weekend",
    );

    await page.getByRole("button", { name: "Reject", exact: true }).click();
    await page.getByText("Your request was handed in").waitFor();
    const [request] = server.view.requests;
    assert.deepEqual([request?.action, request?.reason], ["reject", "not before the weekend"]);
    await page.context().close();
  });

  it("is all there without scripts", async () => {
    const now = Date.now();
    const server = await startWatchServer([partlyFailed(now), hostile(now)]);
    const { page } = await open(server, { javaScriptEnabled: false });

    assert.equal(await page.getByRole("main").count(), 1);
    assert.equal(await page.getByRole("heading", { level: 2, name: "shop" }).count(), 1);
    assert.equal(await page.getByRole("article", { name: "legacy" }).count(), 1);
    assert.equal(await page.locator('[id="source-legacy/fleet"] .square').count(), 60);
    assert.equal(await page.locator('meta[http-equiv="refresh"]').count(), 1);
    await signIn(page);
    await page.getByRole("button", { name: /^Try again.*shop/ }).click();
    await page.getByText("Your request was handed in").waitFor();
    assert.equal(server.view.requests[0]?.action, "retry");
    await page.context().close();
  });

  it("is in no frame of another site", async () => {
    const server = await startWatchServer([upToDate()]);
    const { page } = await open(server);
    const { page: other } = await open(server);
    await other.setContent(`<iframe src="${server.address}"></iframe>`);
    await other.waitForFunction("document.querySelector('iframe')?.contentDocument === null");
    assert.equal(await page.getByRole("main").count(), 1);
    await page.context().close();
    await other.context().close();
  });
});

async function signIn(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Sign in" }).first().click();
  await page.getByLabel("Your name").fill("ann");
  await page.getByLabel("Token").fill(TOKEN);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("Sign out").waitFor();
}

const WIDER_THAN_ITS_WINDOW =
  "document.documentElement.scrollWidth - document.documentElement.clientWidth";

/** Texts with less contrast than 4.5 to 1 to what is behind them. */
const FAINT_TEXTS = `(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const luminance = (layers) => {
    canvas.fillStyle = "white";
    canvas.fillRect(0, 0, 1, 1);
    for (const color of layers) {
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
    }
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) =>
    element === null ? [] : [...behind(element.parentElement), getComputedStyle(element).backgroundColor];
  return [...document.querySelectorAll("body *")]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""))
    .filter((element) => element.checkVisibility() && element.closest(".hidden, .skip, noscript, script") === null)
    .map((element) => {
      const layers = behind(element);
      const [one, other] = [luminance(layers), luminance([...layers, getComputedStyle(element).color])];
      return [(Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05), element.textContent.trim()];
    })
    .filter(([contrast]) => contrast < 4.5)
    .map(([contrast, text]) => contrast.toFixed(2) + " " + text.slice(0, 40));
})()`;

async function keepScreenshot(page: Page, name: string): Promise<void> {
  const directory = process.env["ROWGATE_SCREENSHOTS"];
  if (directory !== undefined) {
    await page.screenshot({ path: join(directory, name), fullPage: true });
  }
}
