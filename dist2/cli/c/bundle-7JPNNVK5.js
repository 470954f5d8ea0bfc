import {
  counted,
  describeSource,
  prepare,
  requireSource,
  writeBundle
} from "./chunk-72NNT2MV.js";
import "./chunk-OGWT2MUN.js";
import {
  DEFAULT_VERSIONS_TABLE
} from "./chunk-TWNGBNEF.js";
import "./chunk-5NZLASUI.js";
import "./chunk-6ZJTVCRM.js";
import "./chunk-HR4OSDN2.js";
import {
  RowgateError
} from "./chunk-3NATZIJ7.js";

// src/cli/commands/bundle.ts
var STANDARD_OUTPUT = "-";
async function bundle(context) {
  const { options, io, output } = context;
  const file = options.output ?? STANDARD_OUTPUT;
  refuseTwoDocuments(options.json === true && file === STANDARD_OUTPUT);
  const { settings } = await prepare(context);
  const source = await requireSource(context, settings);
  source.bundle.notes.forEach(source.notes.tell);
  await writeBundle(source.bundle, file === STANDARD_OUTPUT ? io.stdout : file, {
    ...scriptOptions(context, settings, source),
    onNote: source.notes.tell
  });
  const sentence = `${counted(source.bundle.blocks.length, "block")} of release ${source.bundle.release}`;
  if (file === STANDARD_OUTPUT) {
    output.progress(`wrote ${sentence}`);
  } else {
    output.result(`wrote ${file}: ${sentence}`);
  }
  return { targets: [], more: { bundle: describe(source, file) } };
}
function refuseTwoDocuments(areTwo) {
  if (areTwo) {
    throw new RowgateError("usage-invalid", {
      message: "--json and the script cannot both go to standard output",
      hint: "Name a file for the script with --output."
    });
  }
}
function scriptOptions({ options }, settings, { about }) {
  const kept = about ?? { versions: DEFAULT_VERSIONS_TABLE, form: "do", transaction: "release" };
  return {
    versions: settings.versions ?? kept.versions,
    form: options.form ?? kept.form,
    transaction: settings.transaction ?? kept.transaction,
    outOfOrder: options.outOfOrder ?? false
  };
}
function describe(source, file) {
  const { dialect, blocks } = source.bundle;
  return {
    file,
    dialect,
    ...describeSource(source),
    blocks: blocks.map(({ id, name, kind, checksum, position }) => ({
      id,
      name,
      kind,
      checksum,
      position
    }))
  };
}
export {
  bundle
};
