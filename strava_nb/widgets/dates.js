const FIELDS = ["start", "end"];

function localToday() {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

function render({ model, el }) {
  const me = newId();
  let asked = 0; // how often this view has said something: answers to what came before are no news
  let last = "";
  let known = ""; // the fields as they were last told or shown
  let toldDay = "";
  const words = model.get("words");

  const say = (content) => model.send({ ...content, by: (last = `${me}/${++asked}`) });
  const now = () => ({
    start: inputs.start.value,
    end: inputs.end.value,
    unfinished: FIELDS.filter((name) => inputs[name].validity.badInput),
  });
  // Half a date fires no event of its own, so keys and leaving the field are listened to as well.
  const typed = () => {
    if (JSON.stringify(now()) === known) return;
    known = JSON.stringify(now());
    select.value = "";
    say({ type: "typed", ...now() });
  };
  const chosen = () => {
    const days = model.get("view").presets[select.value];
    if (days) fill(days, [], true);
    say({ type: "chose", choice: select.value });
  };
  const fill = (dates, unfinished, all = false) => {
    for (const name of FIELDS) {
      const input = inputs[name];
      if (input.matches(":focus") && !all) continue; // theirs while they type
      const wrong = input.validity.badInput && !unfinished.includes(name);
      if (input.value !== dates[name] || wrong) input.value = dates[name];
    }
    known = JSON.stringify(now());
  };
  const update = () => {
    const view = model.get("view");
    if (view.by.startsWith(me) && view.by !== last) return;
    select.value = view.choice;
    fill(view, view.unfinished);
    for (const name of FIELDS) inputs[name].setAttribute("aria-invalid", !!view.amiss?.fields.includes(name));
    amiss.textContent = view.amiss?.text ?? "";
    hint.textContent = view.hint && !view.amiss ? words.hint : "";
    problem.replaceChildren(problemBox(view.problem) || "");
  };
  const tellToday = () => {
    if (document.visibilityState !== "visible" || localToday() === toldDay) return;
    toldDay = localToday();
    model.send({ type: "today", today: toldDay });
  };

  const ids = { select: newId(), start: newId(), end: newId(), amiss: newId() };
  const select = h(
    "select", { id: ids.select, on: { change: chosen } },
    Object.entries(words.presets).map(([name, label]) => h("option", { value: name }, label)),
    h("option", { value: "" }, words.own),
  );
  const inputs = Object.fromEntries(FIELDS.map((name) => [name, h("input", {
    type: "date", id: ids[name], "aria-describedby": ids.amiss,
    on: { input: typed, keyup: typed, blur: () => { typed(); update(); } },
  })]));
  const amiss = h("p", { id: ids.amiss, class: "snb-dates-amiss", role: "alert" });
  const hint = h("p", { class: "snb-dates-hint", role: "status" });
  const problem = h("div");
  el.classList.add("snb", "snb-dates");
  el.append(
    h("div", { class: "snb-dates-fields" },
      h("div", { class: "snb-dates-preset" }, h("label", { for: ids.select }, words.dates), select),
      FIELDS.map((name) => h("div", {}, h("label", { for: ids[name] }, words[name]), inputs[name]))),
    amiss, hint, problem,
  );

  document.addEventListener("visibilitychange", tellToday);
  const everyMinute = setInterval(tellToday, 60_000);
  const stopTelling = () => {
    document.removeEventListener("visibilitychange", tellToday);
    clearInterval(everyMinute);
  };
  const end = live(el, model, { update, end: stopTelling });
  tellToday();
  return end;
}

export default { render };
