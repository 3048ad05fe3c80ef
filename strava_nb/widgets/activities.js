const COLUMNS = ["date", "name", "sport", "distance", "time"];
const LARGEST_FIRST = ["date", "distance", "time"]; // at the first press of their heading
const SPARE = 6; // rows drawn above and below those in sight

// What a search compares: without accents and capitals.
const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const clock = (seconds) => [seconds / 3600, (seconds / 60) % 60, seconds % 60]
  .map((part, at) => String(Math.floor(part)).padStart(at && 2, "0")).join(":");

function writers(unit) {
  const here = navigator.language;
  const day = (options) => new Intl.DateTimeFormat(here, { timeZone: "UTC", year: "numeric", day: "numeric", ...options });
  const short = day({ weekday: "short", month: "short" }), long = day({ weekday: "long", month: "long" });
  const number = new Intl.NumberFormat(here, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const on = (format) => (text) => (text ? format.format(new Date(`${text}Z`)) : "");
  return {
    date: on(short),
    day: on(long),
    distance: (value) => (!value ? "" : `${number.format(value)} ${unit}`),
    time: (value) => (value == null ? "" : clock(value)),
    count: (value) => value.toLocaleString(here),
    order: new Intl.Collator(here, { numeric: true, sensitivity: "base" }).compare,
  };
}

function render({ model, el }) {
  const me = newId();
  const words = model.get("words");
  let rows = null; // the columns; a row is known by its number in them
  let write = null;
  let texts = null; // what a search looks through, made at the first one
  let listed = []; // the numbers of the rows that are found, in their order
  let picked = new Set();
  let active = 0; // which of those listed the keys are at
  let from = 0; // where a press with Shift begins
  let sorted = { by: "date", down: true };
  let height = 0;

  // --- what is listed

  function find() {
    const wanted = bare(search.value).split(/\s+/).filter(Boolean);
    if (wanted.length) {
      texts ??= rows.date.map((date, n) => bare([rows.name[n] ?? "", rows.sport[n] ?? "", date?.slice(0, 10) ?? "",
        write.date(date), write.day(date)].join("\n")));
    }
    listed = rows.date.map((_, n) => n);
    if (wanted.length) listed = listed.filter((n) => wanted.every((word) => texts[n].includes(word)));
    const { by, down } = sorted, values = rows[by];
    const order = by === "name" || by === "sport" ? write.order : (one, other) => (one < other ? -1 : +(one > other));
    listed.sort((one, other) => {
      const [a, b] = [values[one], values[other]];
      if (a == null || b == null) return (a == null) - (b == null) || one - other; // what is absent comes last
      return (down ? order(b, a) : order(a, b)) || one - other;
    });
    const count = rows.date.length;
    found.textContent = wanted.length
      ? filled(words.found, { found: write.count(listed.length), count: write.count(count) })
      : filled(words.count[+(count !== 1)], { count: write.count(count) });
    nothing.hidden = listed.length > 0;
    grid.setAttribute("aria-rowcount", listed.length + 1);
    for (const head of heads) {
      head.setAttribute("aria-sort", head.dataset.by !== by ? "none" : down ? "descending" : "ascending");
    }
  }

  const searched = () => {
    find();
    go(0);
    draw();
  };
  const sort = (by) => {
    sorted = { by, down: sorted.by === by ? !sorted.down : LARGEST_FIRST.includes(by) };
    searched();
  };

  // --- what is picked

  const pick = (numbers) => {
    picked = new Set(numbers);
    mark();
    model.send({ type: "picked", picked: [...picked], by: me });
  };
  const also = (number) => {
    const others = new Set(picked);
    if (!others.delete(number)) others.add(number);
    pick(others);
  };
  const span = (at) => listed.slice(Math.min(at, from), Math.max(at, from) + 1);
  const all = () => {
    const others = new Set(picked);
    const every = listed.every((n) => picked.has(n));
    for (const n of listed) every ? others.delete(n) : others.add(n);
    pick(others);
  };
  const pressed = ({ target, ctrlKey, metaKey, shiftKey }) => {
    const row = target.closest("[data-at]");
    if (!row) return;
    const at = +row.dataset.at;
    go(at);
    grid.focus({ preventScroll: true });
    if (shiftKey) return pick([...picked, ...span(at)]);
    from = at;
    if (ctrlKey || metaKey || target.type === "checkbox") also(listed[at]);
    else pick([listed[at]]);
  };

  // --- keys

  const keyed = (event) => {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    if (target !== grid || altKey || !listed.length) return;
    const page = Math.max(1, Math.floor(inSight() / height) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (key === "ArrowUp" && active === 0) search.focus();
    else if (key in steps) go(active + steps[key]);
    else if (key === " ") also(listed[from = active]);
    else if (key === "Enter") pick([listed[from = active]]);
    else {
      if (key.length === 1 && !ctrlKey && !metaKey) search.focus(); // which then takes the letter
      return;
    }
    event.preventDefault();
  };
  const keyedInSearch = (event) => {
    if (event.isComposing || !listed.length || (event.key !== "Enter" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    if (event.key === "Enter") pick([listed[from = active]]);
    else grid.focus({ preventScroll: true });
  };

  // --- drawing: only the rows in sight

  const inSight = () => grid.clientHeight - headings.offsetHeight;
  function go(to) {
    active = Math.max(0, Math.min(to, listed.length - 1));
    const top = active * height;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top + height > grid.scrollTop + inSight()) grid.scrollTop = top + height - inSight();
    draw();
  }
  function draw() {
    if (!rows) return;
    height = parseFloat(getComputedStyle(body).getPropertyValue("--snb-row"));
    body.style.height = `${listed.length * height}px`;
    const first = Math.max(0, Math.floor(grid.scrollTop / height) - SPARE);
    const last = Math.ceil((grid.scrollTop + inSight()) / height) + SPARE;
    body.replaceChildren(...listed.slice(first, last).map((n, at) => row(n, first + at)));
    mark();
  }
  function row(n, at) {
    const name = rows.name[n] || words.nameless;
    const cell = (kind, text) => h("span", { role: "gridcell", class: `snb-activities-${kind}`, title: text }, text);
    return h(
      "div", { role: "row", id: `${me}-${n}`, "aria-rowindex": at + 2, "data-at": at, style: `top: ${at * height}px` },
      h("span", { role: "gridcell", class: "snb-activities-box" },
        h("input", { type: "checkbox", tabindex: -1, "aria-label": filled(words.also, { name }) })),
      cell("date", write.date(rows.date[n])), cell("name", name), cell("sport", rows.sport[n] ?? ""),
      cell("distance", write.distance(rows.distance[n])), cell("time", write.time(rows.time[n])),
    );
  }
  function mark() {
    for (const one of body.children) {
      const n = listed[one.dataset.at], on = picked.has(n);
      one.setAttribute("aria-selected", on);
      one.querySelector("input").checked = on;
      one.classList.toggle("snb-active", +one.dataset.at === active);
    }
    if (listed.length) grid.setAttribute("aria-activedescendant", `${me}-${listed[active]}`);
    else grid.removeAttribute("aria-activedescendant");
    const count = listed.reduce((sum, n) => sum + picked.has(n), 0);
    every.checked = count > 0 && count === listed.length;
    every.indeterminate = count > 0 && count < listed.length;
    every.disabled = !listed.length;
    const [n] = picked;
    const sum = (column) => [...picked].reduce((total, one) => total + (rows[column][one] ?? 0), 0);
    said.textContent = !picked.size ? words.picked.none
      : picked.size === 1 ? filled(words.picked.one, { name: rows.name[n] || words.nameless, date: write.date(rows.date[n]) })
        : filled(words.picked.many, {
          count: write.count(picked.size), distance: write.distance(sum("distance")), time: write.time(sum("time")),
        });
  }
  const update = () => {
    const view = model.get("view");
    hint.textContent = view.hint ? words.hint : "";
    problem.replaceChildren(problemBox(view.problem) || "");
  };

  // --- what the kernel says

  function take(content) {
    rows = content;
    write = writers(content.unit);
    picked = new Set(content.picked);
    waiting.hidden = true;
    empty.hidden = rows.date.length > 0;
    main.hidden = !empty.hidden;
    demo.hidden = !content.demo;
    find();
    draw();
    from = Math.max(0, listed.findIndex((n) => picked.has(n)));
    grid.scrollTop = from * height - inSight() / 2;
    go(from);
  }
  const heard = (content) => {
    if (content.type === "rows" && content.to === me) take(content);
    if (content.type !== "picked" || content.by === me || !rows) return;
    picked = new Set(content.picked);
    mark();
  };

  const ids = { search: newId(), how: newId() };
  const found = h("span", { class: "snb-activities-found", role: "status" });
  const demo = h("span", { class: "snb-activities-demo", title: words.demo_rows, hidden: true }, words.demo);
  const search = h("input", {
    type: "search", id: ids.search, placeholder: words.example, autocomplete: "off", spellcheck: "false",
    on: { input: searched, keydown: keyedInSearch },
  });
  const every = h("input", { type: "checkbox", "aria-label": words.all, title: words.all, on: { click: all } });
  const heads = COLUMNS.map((by) => h(
    "span", { role: "columnheader", "data-by": by, class: `snb-activities-${by}` },
    h("button", { type: "button", on: { click: () => sort(by) } }, words.columns[by]),
  ));
  const headings = h("div", { role: "row", "aria-rowindex": 1, class: "snb-activities-head" },
    h("span", { role: "columnheader", class: "snb-activities-box" }, every), heads);
  const body = h("div", { role: "rowgroup", class: "snb-activities-rows", on: { click: pressed } });
  const nothing = h("p", { class: "snb-activities-nothing", hidden: true }, words.none_found);
  const grid = h("div", {
    role: "grid", tabindex: 0, class: "snb-activities-list", "aria-label": words.list, "aria-multiselectable": "true",
    "aria-describedby": ids.how, on: { keydown: keyed, scroll: draw },
  }, h("div", { role: "rowgroup", class: "snb-activities-top" }, headings), body);
  const said = h("span", { class: "snb-activities-said", role: "status" });
  const hint = h("p", { class: "snb-activities-hint", role: "status" });
  const waiting = h("p", { class: "snb-activities-hint" }, words.waiting);
  const empty = h("p", { hidden: true }, words.empty);
  const problem = h("div");
  const main = h("div", { hidden: true },
    h("div", { class: "snb-activities-search" },
      h("label", { for: ids.search }, words.search), search, found, demo),
    grid, nothing,
    h("p", {}, said, " ", h("span", { id: ids.how, class: "snb-activities-how" }, words.how)));
  el.classList.add("snb", "snb-activities");
  el.append(waiting, main, empty, hint, problem);

  const resized = new ResizeObserver(() => go(active));
  const end = live(el, model, { by: me, update, heard, end: () => resized.disconnect() });
  resized.observe(grid);
  return end;
}

export default { render };
