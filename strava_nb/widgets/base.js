// What every script of ours begins with: it is put before the others, so it exports nothing.

// h("label", { class: "x", on: { click }, for: id }, "text", node, null): text is text, never HTML.
function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return node;
}

// An id that no other part of the page has, for a label and its field.
const newId = () => `snb-${Math.random().toString(36).slice(2)}`;

// An error's two sentences, or nothing.
const problemBox = (problem) =>
  problem && h("p", { class: "snb-problem", role: "alert" }, h("strong", {}, problem.what), " ", problem.to_do);

// In a Lab a key alone is a command (an arrow: another cell, "d" "d": no cell) unless what has the focus says
// that keys are its own. Escape and keys with Ctrl stay Lab's. The result ends it.
function ownKeys(el) {
  const own = ({ target, key, ctrlKey, metaKey, altKey }) => {
    if (!(target instanceof Element) || !el.contains(target)) return;
    target.toggleAttribute("data-lm-suppress-shortcuts", !(ctrlKey || metaKey || altKey || key === "Escape"));
  };
  window.addEventListener("keydown", own, true); // before Lab, which listens at the document
  return () => window.removeEventListener("keydown", own, true);
}

// While a part is shown it follows its view, hears the kernel, and has its keys. The result ends it.
// "ready" asks for the view once more: what a thread changes while the page loads passes it by.
function live(el, model, { by, update, heard = () => {}, end = () => {} }) {
  model.on("change:view", update);
  model.on("msg:custom", heard);
  const letKeysGo = ownKeys(el);
  update();
  model.send({ type: "ready", by });
  return () => {
    letKeysGo();
    model.off("change:view", update);
    model.off("msg:custom", heard);
    end();
  };
}

// Hand a file to the browser, by a link in the page, not a detached one: VS Code looks for clicks on links there.
function save(el, data, name, media) {
  const url = URL.createObjectURL(new Blob([data], { type: media }));
  const link = h("a", { href: url, download: name, hidden: true });
  el.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
