// The export's door: what is dropped is read where it lies, and sent in parts that a message can hold.

const PART = 4 * 2 ** 20; // bytes of a message; it may hold ten megabytes, with all that is around it
const AHEAD = 2; // messages on their way at once, so that a busy kernel is not drowned

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

// What this page has of exports, and what it sends of them. One a widget, whatever shows it.
function exportSender(send, model, changed) {
  let held = null; // what the kernel took of what was dropped: { id, name, kind, entries, head, why }
  let dropped = null; // what was dropped last; the kernel may refuse it
  let token = ""; // of the sending that is under way
  let room = AHEAD;
  let wake = () => {};
  let answered = () => {};

  const gone = () => new Promise((resolve) => (wake = resolve));
  async function post(mine, content, buffers) {
    while (room === 0 && mine === token) await gone();
    if (mine !== token) return;
    room -= 1;
    send({ token, ...content }, buffers);
  }
  function begin(word) {
    token = word;
    room = AHEAD;
    wake(); // Whatever waits is not wanted any more, and sees it now.
    answered();
  }

  async function drop(files, folder) {
    const mine = newId();
    begin(mine);
    const found = await lookInto(files, folder).catch(() => ({
      name: folder || files[0].file.name, kind: "zip", entries: new Map(), why: "unreadable",
    }));
    if (mine !== token) return;
    dropped = { ...found, id: mine };
    const { name, kind, head, entries } = found;
    const lines = [...entries].map(([path, { flags, method, check, packed }]) => [path, flags, method, check, packed]);
    const directory = new TextEncoder().encode(JSON.stringify(lines));
    const why = found.why && model.get("words").export[found.why];
    for (let at = 0; ; at += PART) {
      const last = at + PART >= directory.length;
      const buffers = [directory.slice(at, at + PART)];
      if (last && head) buffers.push(head);
      await post(mine, { type: "dropped", dropped: mine, name, kind, why, zone: zone(), last }, buffers);
      if (mine !== token) return;
      if (last) break;
    }
    await new Promise((resolve) => (answered = resolve));
  }

  // Send these files, small ones together and large ones in pieces, each one's pieces in their order.
  async function give(wanted) {
    const mine = token;
    const total = wanted.reduce((sum, name) => sum + (held.entries.get(name)?.packed ?? 0), 0);
    let done = 0, names = [], buffers = [], size = 0;
    const flush = async (last) => {
      done += size;
      await post(mine, { type: "part", names, done, total, last }, buffers);
      [names, buffers, size] = [[], [], 0];
    };
    for (const name of wanted) {
      const entry = held.entries.get(name);
      const lies = await entry.bytes();
      if (lies.size !== entry.packed) throw new Error("cut");
      for (let at = 0; at === 0 || at < lies.size; at += PART) {
        const piece = await lies.slice(at, at + PART).arrayBuffer();
        if (mine !== token) return;
        if (size + piece.byteLength > PART) await flush(false);
        names.push(name);
        buffers.push(new Uint8Array(piece));
        size += piece.byteLength;
      }
    }
    await flush(true);
  }

  model.on("msg:custom", (message) => {
    if (message.type === "heard") answered();
    if (message.token !== token || !token) return;
    if (message.type === "want") {
      if (dropped?.id === token) held = dropped;
      room = AHEAD;
      changed(); // From now on this page can send the tracks too.
      if (message.names.length) give(message.names).catch(() => send({ type: "lost", token, name: held.name }));
    } else if (message.type === "got") {
      room += 1;
      wake();
    }
  });

  return {
    drop,
    sends: (word) => word === "" || word === token,
    has: (id) => id !== "" && held?.id === id,
    ask(which) {
      begin(newId());
      send({ type: "tracks", which, token, dropped: held?.id ?? "" });
    },
    stop() {
      begin(newId()); // What is on its way is nobody's any more.
      send({ type: "stop" });
    },
  };
}

// The files of what was let go over the page, a folder's with their paths.
async function droppedFiles(transfer) {
  const entry = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).find(Boolean);
  if (!entry?.isDirectory) {
    const files = [...transfer.files];
    const likely = files.find(({ name }) => /\.zip$|^activities\.csv$/i.test(name)) ?? files[0];
    return { files: likely ? [{ file: likely }] : [], folder: "" };
  }
  const files = [];
  async function walk(folder, depth) {
    const reader = folder.createReader();
    for (;;) {
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) return;
      for (const one of some) {
        const path = one.fullPath.replace(/^\//, "");
        if (one.isDirectory && depth < 3 && one.name !== "media") await walk(one, depth + 1);
        else if (one.isFile && WANTED.test(path)) {
          files.push({ path, file: await new Promise((resolve, reject) => one.file(resolve, reject)) });
        }
      }
    }
  }
  await walk(entry, 0);
  return { files, folder: entry.name };
}

// The place to drop an export on, with the buttons for those who would rather choose. It outlives redrawings.
// Near is good enough: all of `el` takes what is let go over it, where `welcome` says that it may.
function dropZone(words, sender, el, welcome) {
  const looking = h("p", { class: "snb-soft", role: "status" });
  const take = (files, folder) => {
    if (!files.length) return;
    looking.textContent = words.looking.replace("{name}", () => folder || files[0].file.name);
    sender.drop(files, folder).finally(() => (looking.textContent = ""));
  };
  const chooser = (more, found) => {
    const change = ({ currentTarget: input }) => {
      take(...found([...input.files]));
      input.value = ""; // so that the same file can be chosen again
    };
    return h("input", { type: "file", class: "snb-hidden", tabindex: "-1", "aria-hidden": "true", on: { change }, ...more });
  };
  const zip = chooser({ accept: ".zip,.csv" }, (files) => [files.slice(0, 1).map((file) => ({ file })), ""]);
  const folder = chooser({ webkitdirectory: true }, (files) => [
    files.map((file) => ({ path: file.webkitRelativePath, file })), files[0]?.webkitRelativePath.split("/")[0] ?? "",
  ]);
  const title = h("strong", {}, words.drop);
  const over = (on) => {
    el.classList.toggle("snb-over", on);
    title.textContent = on ? words.dropped_at : words.drop;
  };
  const claim = (event) => { // Lab would open the file, and the browser leave the page for it.
    if (!event.dataTransfer.types.includes("Files") || !welcome()) return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const hover = (event) => claim(event) && over(true);
  el.addEventListener("dragenter", hover);
  el.addEventListener("dragover", hover);
  el.addEventListener("dragleave", (event) => el.contains(event.relatedTarget) || over(false));
  el.addEventListener("drop", (event) => {
    if (!claim(event)) return;
    over(false);
    droppedFiles(event.dataTransfer).then(({ files, folder: name }) => take(files, name));
  });
  const place = h("div", { class: "snb-drop" }, title,
    h("p", { class: "snb-actions" },
      h("button", { type: "button", class: "snb-button snb-main", "data-key": "choose-zip", on: { click: () => zip.click() } }, words.choose),
      h("button", { type: "button", class: "snb-button", "data-key": "choose-folder", on: { click: () => folder.click() } }, words.folder)),
    looking, zip, folder);
  return place;
}

// A bar that a screen reader can read, with what it is about.
const barOf = ({ what, done, total }, stop) =>
  h("div", { class: "snb-bar" },
    h("span", {}, `${what} … ${Math.floor((100 * done) / total)} %`),
    h("progress", { max: total, value: done, "aria-label": what }),
    stop);
