// Reads a zip of any size where it lies: its directory, and of its files only those that are asked for.
// What may be opened is judged by the kernel; here is only told what there is.

const WANTED = /(^|\/)(activities\.csv|bikes\.csv|shoes\.csv|demo\.txt)$|\.(fit|gpx|tcx|bin)(\.gz)?$|\.zip$/i;
const ENTRY = 0x02014b50; // what each file's entry in the directory begins with
const TAIL = 65_557 + 76; // a comment of the longest kind, and what Zip64 puts before the end

const readView = async (file, start, end) => new DataView(await file.slice(start, end).arrayBuffer());
const big = (data, at) => Number(data.getBigUint64(at, true));

// Where the directory lies: { at, size, shift }, shift being what stands before the zip's first byte.
// How many files it counts is not asked: an old zip counts to 65,535 and begins anew.
async function findDirectory(file) {
  const start = Math.max(0, file.size - TAIL);
  const tail = await readView(file, start, file.size);
  for (let at = tail.byteLength - 22; at >= 0; at--) {
    if (tail.getUint32(at, true) !== 0x06054b50 || at + 22 + tail.getUint16(at + 20, true) > tail.byteLength) continue;
    let size = tail.getUint32(at + 12, true), from = tail.getUint32(at + 16, true);
    let end = start + at;
    if (at >= 20 && tail.getUint32(at - 20, true) === 0x07064b50) {
      const record = await readView(file, end - 76, end - 20); // where Zip64's own record stands, but for its rare extras
      if (record.byteLength === 56 && record.getUint32(0, true) === 0x06064b50) {
        [size, from, end] = [big(record, 40), big(record, 48), end - 76];
      }
    }
    const shift = end - size - from;
    if (shift < 0) continue; // That was no end, but a comment's or a file's bytes.
    const first = await readView(file, end - size, end - size + 4);
    if (first.getUint32(0, true) === ENTRY) return { at: end - size, size, shift };
  }
  return null;
}

// Of a file's extra field in Zip64: what stands as 0xffffffff in the directory, in this order.
function widen(data, at, length, entry) {
  for (const end = at + length; at + 4 <= end; at += 4 + data.getUint16(at + 2, true)) {
    if (data.getUint16(at, true) !== 1) continue;
    let next = at + 4;
    for (const field of ["size", "packed", "at"]) {
      if (entry[field] !== 0xffffffff || next + 8 > end) continue;
      entry[field] = big(data, next);
      next += 8;
    }
  }
}

// The files of a zip that an export may have: { name: { flags, method, check, packed, bytes() } }, or null.
async function zipEntries(file) {
  const directory = await findDirectory(file);
  if (!directory) return null;
  const data = await readView(file, directory.at, directory.at + directory.size);
  const entries = new Map();
  const text = new TextDecoder();
  let at = 0;
  while (at < data.byteLength) {
    if (at + 46 > data.byteLength || data.getUint32(at, true) !== ENTRY) return null;
    const [names, extras, comment] = [28, 30, 32].map((field) => data.getUint16(at + field, true));
    const entry = {
      flags: data.getUint16(at + 8, true), method: data.getUint16(at + 10, true), check: data.getUint32(at + 16, true),
      packed: data.getUint32(at + 20, true), size: data.getUint32(at + 24, true), at: data.getUint32(at + 42, true),
    };
    widen(data, at + 46 + names, extras, entry);
    const name = text.decode(new Uint8Array(data.buffer, at + 46, names)).replaceAll("\\", "/");
    at += 46 + names + extras + comment;
    if (!WANTED.test(name)) continue;
    entry.bytes = async () => {
      const head = await readView(file, directory.shift + entry.at, directory.shift + entry.at + 30);
      if (head.byteLength < 30 || head.getUint32(0, true) !== 0x04034b50) throw new Error("not a file of this zip");
      const from = directory.shift + entry.at + 30 + head.getUint16(26, true) + head.getUint16(28, true);
      return file.slice(from, from + entry.packed);
    };
    entries.set(name, entry);
  }
  return entries;
}

const plainEntry = (file) => ({
  flags: 0, method: 0, check: Math.floor(file.lastModified), packed: file.size, bytes: async () => file,
});

// What was dropped or chosen, as { name, kind, entries, head, why }: one file, or a folder's files by their paths.
async function lookInto(files, folder) {
  if (folder) {
    const inside = [...files].filter(({ path }) => WANTED.test(path) && !/\.zip$/i.test(path));
    const entries = new Map(inside.map(({ path, file }) => [path, plainEntry(file)]));
    return { name: folder, kind: "folder", entries, why: "" };
  }
  const [{ file }] = files;
  const head = new Uint8Array(await file.slice(0, 512).arrayBuffer());
  const zip = head[0] === 0x50 && head[1] === 0x4b; // PK
  if (!zip) return { name: file.name, kind: "file", entries: new Map([[file.name, plainEntry(file)]]), head, why: "" };
  const entries = await zipEntries(file);
  return { name: file.name, kind: "zip", entries: entries ?? new Map(), why: entries ? "" : "no_directory" };
}
