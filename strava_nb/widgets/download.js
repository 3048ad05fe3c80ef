const PATIENCE = 4_000; // milliseconds until a wait is explained

const decimalComma = () =>
  new Intl.NumberFormat(navigator.language).formatToParts(1.5).some(({ type, value }) => type === "decimal" && value === ",");

function render({ model, el }) {
  const me = newId(); // every view of the widget hears every answer, and saves its own alone
  const words = model.get("words");
  const busy = new Map();

  const ask = (kind, label) => {
    if (busy.has(kind)) return;
    busy.set(kind, setTimeout(() => { patience.textContent = words.patience; }, PATIENCE));
    presses[kind].setAttribute("aria-busy", "true");
    problem.replaceChildren();
    said.textContent = words.building.replace("{name}", label);
    model.send({ type: "build", kind, asker: me, decimal_comma: decimalComma() });
  };
  const heard = (content, buffers) => {
    if (content.asker !== me) return;
    clearTimeout(busy.get(content.kind));
    busy.delete(content.kind);
    presses[content.kind].removeAttribute("aria-busy");
    if (!busy.size) patience.textContent = "";
    said.textContent = content.said ?? "";
    problem.replaceChildren(problemBox(content.problem) || "");
    if (content.type === "file") save(el, buffers[0], content.name, content.media);
  };
  const update = () => {
    const view = model.get("view");
    for (const press of Object.values(presses)) press.disabled = !!view.refused;
    note.textContent = [view.note, view.refused].filter(Boolean).join(" ");
  };

  const presses = Object.fromEntries(Object.entries(words.buttons).map(([kind, [label, hint]]) => [kind,
    h("button", { type: "button", class: "snb-button", title: hint, on: { click: () => ask(kind, label) } }, label)]));
  const heading = newId();
  const note = h("p", { class: "snb-download-note", role: "status" });
  const said = h("p", { class: "snb-download-said", role: "status" });
  const patience = h("p", { class: "snb-download-note", role: "status" });
  const problem = h("div");
  el.classList.add("snb", "snb-download");
  el.append(
    h("div", { class: "snb-download-row", role: "group", "aria-labelledby": heading },
      h("span", { id: heading, class: "snb-download-heading" }, words.heading), Object.values(presses)),
    note, said, patience, problem,
  );

  return live(el, model, {
    update,
    heard,
    end: () => {
      for (const timer of busy.values()) clearTimeout(timer);
    },
  });
}

export default { render };
