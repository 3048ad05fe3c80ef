function render({ model, el }) {
  const words = model.get("words");
  const view = () => model.get("view");
  let wait;

  const tell = (type) => {
    model.send({ type });
    clearTimeout(wait);
    wait = setTimeout(() => { patience.textContent = words.patience; }, 4_000);
  };
  const press = h("button", { type: "button", class: "snb-button snb-main", on: { click: () => tell("pull") } });
  const cancel = h("button", { type: "button", class: "snb-button", on: { click: () => tell("cancel") } }, words.cancel);
  const said = h("p", { class: "snb-pull-said", role: "status" });
  const note = h("p", { class: "snb-pull-note" });
  const bar = h("progress", { "aria-label": words.bar });
  const trouble = h("div", { class: "snb-pull-trouble" });
  const patience = h("p", { class: "snb-pull-note", role: "status" });

  // The clock is the person's, which the kernel's need not be.
  const moment = (iso) => {
    const then = new Date(iso);
    const today = then.toDateString() === new Date().toDateString();
    return then.toLocaleString(undefined, { hour: "2-digit", minute: "2-digit", ...(today ? {} : { weekday: "long" }) });
  };
  const heard = () => {
    clearTimeout(wait);
    patience.textContent = "";
  };
  const update = () => {
    const { state, press: word, said: sentence, note: more, bar: far, problem, retry_at } = view();
    heard();
    el.dataset.state = state;
    press.textContent = words.press[word];
    press.disabled = state === "nobody";
    press.classList.toggle("snb-main", !["running", "done"].includes(state)); // what is to be done next stands out
    const leaves = el.getRootNode().activeElement === cancel && state !== "running";
    cancel.hidden = state !== "running";
    if (leaves) press.focus();
    if (said.textContent !== sentence) said.textContent = sentence;
    note.textContent = more;
    bar.hidden = !far;
    if (far?.total) Object.assign(bar, { max: far.total, value: far.done });
    else bar.removeAttribute("value");
    const later = retry_at && words.later.replace("{press}", words.press[word]).replace("{time}", moment(retry_at));
    trouble.replaceChildren(problemBox(problem && { ...problem, to_do: later || problem.to_do }) || "");
  };

  el.classList.add("snb", "snb-pull");
  el.append(
    h("div", { class: "snb-pull-row" }, press, cancel, h("div", { class: "snb-pull-words" }, said, bar, note, patience)),
    trouble,
  );
  return live(el, model, { update, heard, end: () => clearTimeout(wait) });
}

export default { render };
