const FALLBACK = 480; // pixels, where the page does not say how wide it is

function render({ model, el }) {
  const me = newId();
  const words = model.get("words");
  const view = () => model.get("view");
  let round = 0;
  let version = -1;
  let urls = [];
  let frames = [];

  const ask = (number) => model.send({
    type: "draw", number, width: Math.round(frames[number].clientWidth || FALLBACK), by: `${me}/${round}`,
  });
  const forget = () => {
    for (const url of urls) URL.revokeObjectURL(url);
    urls = [];
  };
  const begin = () => {
    round += 1;
    forget();
    // What was there before stays until the next one is drawn, so that the page does not jump.
    if (!frames.length) {
      frames = [0, 1, 2, 3].map(() => h("figure", { class: "snb-waiting" }, h("p", { class: "snb-soft" }, words.drawing)));
      el.replaceChildren(h("h2", {}, words.heading), h("div", { class: "snb-pictures-grid" }, frames));
    }
    for (const frame of frames) frame.setAttribute("aria-busy", "true");
    ask(0);
  };
  const heard = (content, buffers) => {
    if (content.to !== `${me}/${round}`) return;
    const frame = frames[content.number];
    frame.removeAttribute("aria-busy");
    frame.classList.remove("snb-waiting");
    if (content.type === "picture") {
      const { title, notes } = content;
      const url = URL.createObjectURL(new Blob([buffers[0]], { type: "image/png" }));
      urls.push(url);
      frame.replaceChildren(
        h("figcaption", {}, title),
        h("img", { src: url, alt: [title, notes].filter(Boolean).join(". ") }),
        ...(notes ? [h("p", { class: "snb-soft" }, notes)] : []),
      );
    } else frame.replaceChildren(problemBox(content.problem));
    if (content.number + 1 < frames.length) ask(content.number + 1);
  };
  const update = () => {
    el.hidden = !view().there;
    el.classList.toggle("snb-old", view().old);
    if (version === view().version) return;
    version = view().version;
    if (view().there) begin();
    else {
      round += 1;
      forget();
      frames = [];
      el.replaceChildren();
    }
  };

  el.classList.add("snb", "snb-pictures");
  return live(el, model, { update, heard, end: forget });
}

export default { render };
