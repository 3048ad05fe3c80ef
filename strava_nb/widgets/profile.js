const today = () => {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
};

function render({ model, el }) {
  const me = newId();
  const words = model.get("words");
  let told = null; // what the kernel said last
  const groups = {};

  const enter = (event) => { // By hand: in a Lab, Enter alone is no change.
    if (event.key !== "Enter" || event.isComposing || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    event.target.blur();
    if (!el.contains(el.getRootNode().activeElement)) event.target.focus();
  };
  const set = (name, content) => model.send({ type: "set", name, by: me, ...content });
  const link = (text, label, key, click, more = "") =>
    h("button", { type: "button", class: `snb-profile-link ${more}`, "aria-label": label, title: label, "data-key": key, on: { click } }, text);

  // One threshold: its name, a line for each value, and what is amiss.
  function group(name, [title, small], lines) {
    const label = newId(), amissId = newId();
    const amiss = h("p", { id: amissId, class: "snb-profile-amiss", role: "alert" });
    const entries = h("div", { class: "snb-profile-lines" });
    const node = h("div", { class: "snb-profile-group", role: "group", "aria-labelledby": label },
      h("div", { class: "snb-profile-name" }, h("span", { id: label }, title), small && h("small", {}, small)),
      h("div", {}, entries, amiss));
    let drawn = "";
    return {
      node, amissId,
      draw(rows, drafted = false) {
        amiss.textContent = "";
        const now = JSON.stringify(rows);
        if (now === drawn && !drafted && !entries.querySelector("[aria-invalid]")) return;
        drawn = drafted ? "" : now;
        const here = el.getRootNode().activeElement;
        const key = entries.contains(here) ? here.dataset.key : null;
        entries.replaceChildren(...lines(rows));
        if (key) (entries.querySelector(`[data-key="${key}"]`) ?? entries.querySelector("[data-key]"))?.focus();
      },
      wrong({ what, to_do }) {
        amiss.textContent = `${what} ${to_do}`;
        for (const input of entries.querySelectorAll("input")) input.setAttribute("aria-invalid", "true");
      },
    };
  }

  function threshold(name) {
    const [title] = words.names[name];
    let rows = [];
    const commit = () => {
      const typed = rows.map(({ value, since }) => ({ value: value.value, since: since?.value ?? "" }));
      if (typed.some(({ value, since }, n) => rows[n].draft && !(value.trim() && since))) return; // half a line
      set(name, { rows: typed });
    };
    const line = ({ value, since, source, draft }, n, all) => {
      const unit = told.units[name];
      const text = h("input", {
        type: "text", inputmode: name === "threshold_pace" ? "text" : "decimal", value, autocomplete: "off", "data-key": `value-${n}`,
        placeholder: draft ? "" : "—", "aria-label": words.value.replace("{name}", title).replace("{unit}", unit),
        "aria-describedby": groups[name].amissId, on: { change: commit },
      });
      const dated = since || draft;
      // Typing a year is a change for each digit; a day that is picked is one change.
      const day = dated && h("input", {
        type: "date", value: since, "aria-label": words.since.replace("{name}", title), "data-key": `since-${n}`,
        "aria-describedby": groups[name].amissId,
        on: { change: () => day.value >= "1900" && commit(), blur: () => day.value !== since && commit() },
      });
      rows.push({ value: text, since: day, draft });
      const remove = () => {
        rows.splice(n, 1);
        if (draft) groups[name].draw(told.rows[name], true);
        else set(name, { rows: rows.filter((row) => !row.draft).map((row) => ({ value: row.value.value, since: row.since?.value ?? "" })) });
      };
      const known = value || draft;
      return h("div", { class: "snb-profile-line" },
        h("span", { class: "snb-profile-value" }, text, h("span", { class: "snb-profile-soft" }, unit)),
        h("span", { class: "snb-profile-since snb-profile-soft" },
          day ? [words.from, day] : known && all.length > 1 ? words.before : known ? words.always : ""),
        h("span", { class: "snb-profile-source snb-profile-soft" }, draft ? "" : known ? words.sources[source] ?? source : words.unknown),
        value && n === all.length - 1 && link(`+ ${words.later[0]}`, `${title}: ${words.later[1]}`, "more", more, "snb-profile-more"),
        known && link("×", words.remove.replace("{name}", title).replace("{value}", value), `remove-${n}`, remove, "snb-profile-remove"));
    };
    const more = () => {
      groups[name].draw([...told.rows[name], { value: "", since: today(), source: "", draft: true }], true);
      rows.at(-1).value.focus();
    };
    groups[name] = group(name, words.names[name], (all) => {
      rows = [];
      const shown = all.length ? all : [{ value: "", since: "", source: "" }];
      return shown.map(line);
    });
    return groups[name].node;
  }

  function single(name, input, source) {
    groups[name] = group(name, words[name], () => [
      h("div", { class: "snb-profile-one" }, input(groups[name].amissId), h("span", { class: "snb-profile-soft" }, source()))]);
    return groups[name].node;
  }
  const sex = (amissId) => {
    const select = h("select", { "aria-label": words.sex[0], "aria-describedby": amissId, "data-key": "sex", on: { change: () => set("sex", { value: select.value }) } },
      Object.entries(words.sexes).map(([value, text]) => h("option", { value, selected: value === told.sex }, text)));
    return select;
  };
  const zones = (amissId) => {
    const input = h("input", {
      type: "text", class: "snb-profile-zones", value: told.zones, placeholder: words.example, autocomplete: "off", "data-key": "zones",
      "aria-label": words.zones[0], "aria-describedby": amissId, on: { change: () => set("zones", { value: input.value }) },
    });
    return input;
  };

  const lead = newId();
  const waiting = h("p", { class: "snb-profile-soft" }, words.waiting);
  const kept = h("p", { class: "snb-profile-soft" });
  const hint = h("p", { class: "snb-profile-hint", role: "status" });
  const problem = h("div");
  const list = h("div", { class: "snb-profile-list" },
    Object.keys(words.names).map(threshold),
    single("sex", sex, () => ""),
    single("zones", zones, () => (told.zones ? words.sources[told.zones_source] ?? "" : words.unknown)));
  el.classList.add("snb", "snb-profile");
  el.addEventListener("keydown", enter);
  el.setAttribute("role", "region");
  el.setAttribute("aria-labelledby", lead);
  const demo = h("span", { class: "snb-profile-demo", hidden: true }, "DEMO");
  el.append(h("p", { class: "snb-profile-title" }, h("span", { id: lead }, words.title), " ", demo), h("p", { class: "snb-profile-soft" }, words.lead), waiting, list, problem, hint, kept);
  list.hidden = true;

  const update = () => {
    const view = model.get("view");
    hint.textContent = view.hint ? words.hint : "";
    problem.replaceChildren(problemBox(view.problem) || "", ...view.problems.map((one) => h("p", { class: "snb-profile-soft" }, one)));
  };
  const heard = (content) => {
    if (content.type === "amiss" && content.by === me) groups[content.name].wrong(content.problem);
    if (content.type !== "profile") return;
    told = content;
    waiting.hidden = true;
    list.hidden = false;
    demo.hidden = !told.demo;
    for (const name of Object.keys(words.names)) groups[name].draw(told.rows[name]);
    groups.sex.draw([told.sex]);
    groups.zones.draw([told.zones, told.zones_source]);
    kept.replaceChildren(told.kept, " ",
      told.said ? link(words.forget, words.forget, "forget", () => model.send({ type: "forget" })) : "");
  };

  return live(el, model, { update, heard });
}

export default { render };
