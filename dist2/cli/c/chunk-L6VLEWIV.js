// src/bundler/write-script.ts
import { createHash } from "node:crypto";
var DIGEST_LINE = "-- rowgate sha256 ";
async function* writeScript(bundle, dialect, options) {
  const blocks = await bundle.compile(bundle.blocks);
  const digest = createHash("sha256");
  for await (const chunk of dialect.script(bundle, blocks, options)) {
    digest.update(chunk);
    yield chunk;
  }
  yield `${DIGEST_LINE}${digest.digest("hex")}
`;
}

export {
  DIGEST_LINE,
  writeScript
};
