function render({ model, el }) {
  const me = newId();
  const words = model.get("words");
  const view = () => model.get("view");
  let asked = 0;
  let last = ""; // answers to what was asked before are no news
  let version = -1;
  let chosen = [];

  const ask = (since) => model.send({ type: "rows", since, by: (last = `${me}/${++asked}`) });
  const choose = (group) => {
    chosen = group === null ? [] : chosen.includes(group) ? chosen.filter((one) => one !== group) : [...chosen, group];
    el.setAttribute("aria-busy", "true");
    model.send({ type: "sports", chosen });
  };

  function chip(group, text, count, on) {
    return h("button", {
      type: "button", class: "snb-chip", "data-key": group ?? "", "aria-pressed": String(on), on: { click: () => choose(group) },
    }, text, count != null && h("span", {}, count.toLocaleString("en")));
  }
  const cells = (row, columns) => columns.map(([, kind], at) => h("td", { class: `snb-${kind}` }, row[at]));
  const line = (row, columns) => h("tr", {}, cells(row, columns));

  let columns = [];
  let body = h("tbody");
  const said = h("p", { class: "snb-soft", role: "status" });
  const more = h("button", { type: "button", class: "snb-button", on: { click: () => ask(body.rows.length) } }, words.more);

  function tellShown(count) {
    const shown = body.rows.length;
    more.hidden = shown >= count;
    said.hidden = !count;
    said.textContent = words[more.hidden ? "all_shown" : "shown"]
      .replace("{shown}", shown.toLocaleString("en")).replace("{count}", count.toLocaleString("en"));
  }

  function show({ heading, span, demo, tiles, sports, problems, empty, narrow, rows, count, columns: titles }) {
    const focus = el.contains(el.getRootNode().activeElement) && el.getRootNode().activeElement.dataset.key;
    columns = titles;
    chosen = sports.filter(([, , , on]) => on).map(([group]) => group);
    body = h("tbody", {}, rows.map((row) => line(row, columns)));
    const unit = (text) => text && h("small", {}, ` ${text}`);
    el.replaceChildren(...[
      h("h2", {}, heading, demo && [" ", h("span", { class: "snb-demo-mark" }, words.demo)]),
      h("p", { class: "snb-soft" }, span),
      demo && h("p", { class: "snb-soft" }, words.demo_rows),
      tiles.length > 0 && h("ul", { class: "snb-tiles" }, tiles.map(([number, of, word]) =>
        h("li", {}, h("strong", {}, number, unit(of)), h("span", {}, word)))),
      sports.length > 1 && h("div", { class: "snb-chips", role: "group", "aria-label": words.sports },
        chip(null, words.all, null, !chosen.length), sports.map(([group, text, many, on]) => chip(group, text, many, on))),
      empty
        ? h("div", { class: "snb-empty" }, h("p", {}, empty), narrow &&
          h("button", { type: "button", class: "snb-button snb-main", on: { click: () => model.send({ type: "everything" }) } }, words.everything))
        : h("div", { class: "snb-rows", tabindex: "0", role: "region", "aria-label": words.table },
          h("table", {},
            h("thead", {}, h("tr", {}, columns.map(([title, kind]) => h("th", { scope: "col", class: `snb-${kind}` }, title)))),
            body)),
      h("div", { class: "snb-under" }, said, more),
      problems.length > 0 && h("details", { class: "snb-soft" }, h("summary", {}, words.notes), h("ul", {}, problems.map((one) => h("li", {}, one)))),
    ].filter(Boolean));
    tellShown(count);
    if (typeof focus === "string") el.querySelector(`[data-key="${focus}"]`)?.focus();
  }

  const heard = (content) => {
    if (content.to !== last || content.type !== "rows") return;
    el.removeAttribute("aria-busy");
    if (content.since === 0) show(content);
    else {
      body.append(...content.rows.map((row) => line(row, columns)));
      tellShown(content.count);
    }
  };
  const update = () => {
    el.hidden = !view().there;
    el.classList.toggle("snb-old", view().old);
    if (version === view().version) return;
    version = view().version;
    if (view().there) ask(0);
    else el.replaceChildren();
  };

  el.classList.add("snb", "snb-results");
  el.setAttribute("role", "region");
  el.setAttribute("aria-label", words.label);
  return live(el, model, { update, heard });
}

export default { render };
