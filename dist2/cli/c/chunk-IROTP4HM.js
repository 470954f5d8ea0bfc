// src/domain/bundle.ts
function segmentsOf(blocks, mode) {
  const segments = [];
  let previous;
  for (const block of blocks) {
    const current = segments.at(-1);
    const joins = current !== void 0 && mode === "release" && block.transaction === "shared" && previous?.transaction === "shared" && !previous.commitAfter;
    if (joins) {
      current.blocks.push(block);
    } else {
      segments.push({ transaction: block.transaction, blocks: [block] });
    }
    previous = block;
  }
  return segments;
}

export {
  segmentsOf
};
