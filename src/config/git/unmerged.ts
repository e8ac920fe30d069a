/** Counts the files in conflict in git's index, from its bytes: https://git-scm.com/docs/index-format */

/** Before an entry's object id: times, device, inode, mode, owner, size. The mode is at 24. */
const STAT_BYTES = 40;
const MODE_AT = 24;
/** High bits of the modes that there are: file, symbolic link, submodule, and the folder of a sparse index. */
const TYPES: readonly number[] = [0x80, 0xa0, 0xe0, 0x40];
/** Longer names only say that they are longer. */
const MAX_CHARS = 0xfff;

/**
 * The number of paths with more than the stage 0; undefined where the bytes are no whole index, and for a split index,
 * whose other half lies in another file.
 */
export function countUnmerged(index: Buffer): number | undefined {
  if (index.length < 12 || index.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = index.readUInt32BE(4);
  if (version < 2 || version > 4) return undefined;
  // The index does not say which hash its repository has.
  return walk(index, version, 20) ?? walk(index, version, 32);
}

function walk(index: Buffer, version: number, hashBytes: number): number | undefined {
  const end = index.length - hashBytes;
  const entries = index.readUInt32BE(8);
  let at = 12;
  let unmerged = 0;
  let lastStage = 0;
  let lastFrom = 0;
  let lastTo = 0;
  for (let entry = 0; entry < entries; entry += 1) {
    const flagsAt = at + STAT_BYTES + hashBytes;
    if (flagsAt + 4 > end || !TYPES.includes((index[at + MODE_AT + 2] as number) & 0xf0)) return undefined;
    const flags = index[flagsAt] as number;
    const stage = (flags >> 4) & 3;
    const from = flagsAt + ((flags & 0x40) === 0 ? 2 : 4);
    const chars = ((flags & 0xf) << 8) | (index[flagsAt + 1] as number);
    const to = version < 4 && chars < MAX_CHARS ? from + chars : index.indexOf(0, version < 4 ? from : skipNumber(index, from));
    if (to < 0 || to >= end || index[to] !== 0) return undefined;
    if (stage > 0) {
      // A name of version 4 leaves out what it has in common with the one before: nothing but a 0 for the same name.
      const isSame = version < 4 ? index.compare(index, lastFrom, lastTo, from, to) === 0 : to === from + 1 && index[from] === 0;
      if (lastStage === 0 || !isSame) unmerged += 1;
    }
    lastStage = stage;
    lastFrom = from;
    lastTo = to;
    at = version < 4 ? at + ((to - at + 8) & ~7) : to + 1;
  }
  return isSplit(index, at, end) ? undefined : unmerged;
}

/** After the last byte of a number, of which all but the last have their first bit set. */
function skipNumber(index: Buffer, from: number): number {
  let at = from;
  while (((index[at] ?? 0) & 0x80) !== 0) at += 1;
  return at + 1;
}

/** Whether one of the extensions after the entries links to the shared half of a split index; true where they are cut. */
function isSplit(index: Buffer, from: number, end: number): boolean {
  let at = from;
  while (at < end) {
    if (at + 8 > end || index.toString('latin1', at, at + 4) === 'link') return true;
    at += 8 + index.readUInt32BE(at + 4);
  }
  return at !== end;
}
