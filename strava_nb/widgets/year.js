const PATIENCE = 4_000; // milliseconds until a wait is explained

function render({ model, el }) {
  const me = newId(); // every view of the widget hears every answer, and shows its own alone
  const words = model.get("words");
  let asked = 0;
  let asker = null; // while something is being made
  let wait;
  let urls = [];
  let select = null; // of the years, once one is shown
  let shown;

  const make = (year) => {
    if (model.get("view").refused) return;
    asker = `${me}/${++asked}`;
    working(words.asked);
    wait = setTimeout(() => { said.textContent = words.patience; }, PATIENCE);
    model.send({ type: "make", asker, year });
  };
  const working = (sentence) => {
    clearTimeout(wait);
    press.setAttribute("aria-busy", "true"); // Not disabled, which would take the focus away.
    cancel.hidden = false;
    said.textContent = sentence;
    problem.replaceChildren();
  };
  const idle = () => {
    clearTimeout(wait);
    asker = null;
    press.removeAttribute("aria-busy");
    if (el.getRootNode().activeElement === cancel) press.focus();
    cancel.hidden = true;
    said.textContent = "";
    if (select) select.value = shown; // Another one was chosen, but nothing came of it.
  };
  const stop = () => {
    model.send({ type: "cancel", asker: asker ?? "" });
    idle();
  };
  const putAway = () => {
    select = null;
    for (const url of urls) URL.revokeObjectURL(url);
    urls = [];
    result.replaceChildren();
    update();
  };
  const close = () => {
    stop();
    putAway();
    press.focus();
  };

  function show({ year, years, names, problems }, [page, picture]) {
    putAway();
    const title = words.title.replace("{year}", year);
    const id = newId();
    const button = (text, click) => h("button", { type: "button", class: "snb-button", on: { click } }, text);
    const saving = (text, data, name, media) => button(text, () => {
      save(el, data, name, media);
      told.textContent = words.saved.replace("{name}", () => name);
    });
    const told = h("p", { class: "snb-year-soft", role: "status" });
    shown = year;
    urls = [URL.createObjectURL(new Blob([picture], { type: "image/png" }))];
    select = h("select", { id, on: { change: () => make(Number(select.value)) } },
      [...years].reverse().map((one) => h("option", { value: one, selected: one === year }, String(one))));
    result.replaceChildren(
      h("div", { class: "snb-year-row" },
        years.length > 1 && [h("label", { for: id }, words.year), select],
        saving(words.save_page, page, names[0], "text/html"),
        saving(words.save_picture, picture, names[1], "image/png"),
        button(words.close, close)),
      told,
      h("div", { class: "snb-year-made" },
        h("iframe", { srcdoc: new TextDecoder().decode(page), sandbox: "", title }),
        h("img", { src: urls[0], alt: words.alt.replace("{year}", year) })),
      h("p", { class: "snb-year-soft" }, [words.made, ...problems].join(" ")),
    );
    update();
    result.scrollIntoView?.({ block: "nearest", behavior: "smooth" });
  }

  const heard = (content, buffers) => {
    if (content.type === "put_away") {
      idle();
      putAway();
    }
    if (asker === null || content.asker !== asker) return;
    if (content.type === "step") return working(content.said);
    const again = select && el.getRootNode().activeElement === select;
    idle();
    if (content.type === "failed") problem.replaceChildren(problemBox(content.problem));
    if (content.type === "made") show(content, buffers);
    if (again) select.focus();
  };
  const update = () => {
    const { refused, hidden } = model.get("view");
    el.hidden = hidden;
    press.disabled = !!refused;
    note.textContent = refused || (result.hasChildNodes() ? "" : words.what);
  };

  const press = h("button", { type: "button", class: "snb-button", on: { click: () => asker ?? make(null) } }, words.make);
  const cancel = h("button", { type: "button", class: "snb-button", hidden: true, on: { click: stop } }, words.cancel);
  const note = h("span", { class: "snb-year-soft", role: "status" });
  const said = h("p", { class: "snb-year-said", role: "status" });
  const problem = h("div");
  const result = h("div", { class: "snb-year-result" });
  el.classList.add("snb", "snb-year");
  el.append(h("div", { class: "snb-year-row" }, press, cancel, note), said, problem, result);

  return live(el, model, {
    update,
    heard,
    end: () => {
      clearTimeout(wait);
      for (const url of urls) URL.revokeObjectURL(url);
    },
  });
}

export default { render };
