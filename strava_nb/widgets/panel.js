// The sign-in panel. It shows `view` and says what was pressed; what was typed is sent and kept nowhere.

const PATIENCE = 2000; // milliseconds: a kernel that does not answer until then is running cells
const DOORS = ["export", "account", "demo"];
const EXPORT = ["open_path", "open_found", "open_last", "dropped", "part", "tracks", "lost", "forget"]; // where it goes wrong

// A sentence with {link} in it, as text and a link.
function linked(sentence, text, href) {
  const [before, after] = sentence.split("{link}");
  return [before, after !== undefined && h("a", { href, target: "_blank", rel: "noopener" }, text), after];
}

async function copy(text, button, words) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No clipboard on a page without https: select it, so that Ctrl+C is all that is left to do.
    getSelection().selectAllChildren(button.previousElementSibling);
    return;
  }
  button.textContent = words.copied;
  setTimeout(() => (button.textContent = words.copy), 1500);
}

const copyable = (text, words) => {
  const click = (event) => copy(text, event.currentTarget, words);
  const button = h("button", { type: "button", class: "snb-copy", "aria-label": `${words.copy}: ${text}`, on: { click } }, words.copy);
  return h("span", { class: "snb-copyable" }, h("code", {}, text), button);
};

export default () => {
  let address = ""; // Where Connect leads; sent, never synced, so that it is in no saved notebook.
  const drawings = new Set();
  let sender; // What this page holds of an export that was dropped on it.
  let tell; // Sends a message that the kernel answers, and notices when it takes its time.
  let late = false, wait;

  return {
    initialize({ model }) {
      const drawAll = () => drawings.forEach((draw) => draw());
      const heard = () => {
        clearTimeout(wait);
        if (late) { late = false; drawAll(); }
      };
      tell = (content, buffers) => {
        clearTimeout(wait);
        wait = setTimeout(() => { late = true; drawAll(); }, PATIENCE);
        model.send(content, undefined, buffers);
      };
      sender = exportSender(tell, model, drawAll);
      model.on("change:view", heard);
      model.on("msg:custom", (message) => {
        heard();
        if (message.type !== "address") return;
        address = message.address;
        drawAll();
      });
    },

    render({ model, el }) {
      const words = model.get("words");
      const links = model.get("links");
      let chosen; // The door whose card is open; undefined until somebody chooses, null for none.
      let underWay = ""; // The address that was pressed, until the kernel has heard of it.
      const folds = {};

      const send = (type, content = {}) => tell({ type, ...content });
      const button = (key, text, click, more = "") =>
        h("button", { type: "button", class: `snb-button ${more}`, "data-key": key, on: { click } }, text);

      function fold(key, summary, standard, ...content) {
        const toggle = (event) => {
          if (event.currentTarget.open !== standard || key in folds) folds[key] = event.currentTarget.open;
        };
        return h("details", { open: folds[key] ?? standard, on: { toggle } },
          h("summary", { "data-key": key }, summary), h("div", { class: "snb-folded" }, ...content));
      }

      // Fields are made once, so that what is half typed outlives a redrawing.
      function field(key, label, { secret, ...more }) {
        const id = newId();
        const keydown = (event) => { // By hand: in a Lab, Enter alone submits no form.
          if (event.key !== "Enter" || event.isComposing) return;
          event.preventDefault();
          event.currentTarget.form.requestSubmit();
        };
        const input = h("input", {
          id, "data-key": key, type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
          on: { keydown }, ...more,
        });
        return { input, secret, row: h("div", { class: "snb-field" }, h("label", { for: id }, label), input) };
      }
      const clientId = field("client_id", words.account.id, { inputmode: "numeric" });
      const clientSecret = field("client_secret", words.account.secret, { secret: true, type: "password" });
      const pasted = field("paste", words.paste.label, { secret: true, placeholder: "http://localhost:…/signed-in?…" });

      function form(fields, use, type, problem) {
        const submit = (event) => {
          event.preventDefault();
          send(type, { zone: zone(), ...Object.fromEntries(fields.map(({ input }) => [input.name, input.value])) });
          for (const { input, secret } of fields) if (secret) input.value = "";
        };
        return h("form", { on: { submit }, autocomplete: "off" },
          fields.map(({ row }) => row), problem,
          h("button", { class: "snb-button", "data-key": `${type}-use` }, use));
      }
      const path = field("path", words.export.path_label, { placeholder: "~/Downloads/export_12345.zip" });
      path.input.name = "path";
      const drop = dropZone(words.export, sender, el, () => {
        if (view().state === "in") return false;
        if (view().state !== "opened" && chosen !== "export") open("export");
        return true;
      });
      clientId.input.name = "client_id";
      clientSecret.input.name = "client_secret";
      pasted.input.name = "address";

      const view = () => model.get("view");
      let trouble; // One box, which stands where what went wrong was pressed.
      const problemAt = (...places) => places.includes(view().problem?.where) && trouble;

      // --- the doors

      function open(door) {
        chosen = door;
        draw();
        if (door === "export") send("look"); // What was downloaded meanwhile is to be found.
      }

      function card(door) {
        const isOpen = chosen === door;
        const { title, for_whom, cost } = words.doors[door];
        const click = () => open(isOpen ? null : door);
        return h("button", {
          type: "button", class: "snb-card", "data-key": door, "aria-expanded": String(isOpen), on: { click },
        }, h("strong", {}, title), h("span", {}, for_whom), h("small", {}, cost),
          door === "demo" && view().shows_demo && h("em", {}, words.this_one));
      }

      const insides = {
        export: () => [
          drop, bar(), problemAt(...EXPORT), found(),
          view().paths && fold("path", words.export.path, false, form([path], words.export.open, "open_path")),
          fold("how-export", words.export.how, !view().found.length && !view().last && !view().open,
            h("ol", {}, words.export.steps.map((step) => h("li", {}, linked(step, words.export.link, links.export))))),
          h("p", { class: "snb-soft" }, words.export.only),
        ],
        account: () => connecting(),
        demo: () => [
          h("p", {}, words.demo.who),
          !view().shows_demo && h("p", {}, button("use-demo", words.demo.use, () => send("demo"))),
        ],
      };

      // --- the export

      function found() {
        const again = view().last && button("open-last", words.export.again.replace("{name}", () => view().last), () => send("open_last", { zone: zone() }));
        const here = view().found.map(({ name, size, date }, index) =>
          button(`found-${index}`, [h("strong", {}, name), " ", h("small", {}, `${size} · ${date}`)], () => send("open_found", { index, zone: zone() })));
        return (again || here.length > 0) && h("div", { class: "snb-found" }, h("span", {}, words.export.found), h("div", { class: "snb-actions" }, again, here));
      }

      // What another page sends, or sent until it was reloaded, is not this one's to show.
      const bar = () => view().bar && sender.sends(view().bar.token) && barOf(view().bar, button("stop", words.export.stop, () => sender.stop()));

      const thresholds = () => view().thresholds && [
        h("dt", {}, words.thresholds[0]), h("dd", {}, words.thresholds[1], " ",
          h("button", { type: "button", class: "snb-copy", "data-key": "forget-thresholds", on: { click: () => send("forget_thresholds") } }, words.thresholds[2]))];

      function opened() {
        const { what, name, tracks, unread, picked, page, kept } = view().opened;
        const ask = (key, text, size, which) => button(key, text.replace("{size}", size), () => sender.ask(which));
        const lost = unread && page !== null && !sender.has(page);
        return [
          h("p", { class: "snb-soft" }, `${what} · ${name}`),
          h("p", {}, view().what_next),
          h("dl", {},
            h("dt", {}, words.export.opened), h("dd", {}, words.export.opened_what),
            tracks && [h("dt", {}, words.export.tracks), h("dd", {}, unread ? words.export.why : words.export.done,
              unread && !lost && !bar() && h("p", { class: "snb-actions" },
                picked && ask("tracks-picked", words.export.picked, picked, "picked"),
                ask("tracks-all", picked ? words.export.rest : words.export.all, unread, "all")))],
            kept && [h("dt", {}, words.export.kept), h("dd", {}, words.export.kept_what.replace("{size}", kept), " ",
              h("button", { type: "button", class: "snb-copy", "data-key": "forget", on: { click: () => send("forget") } }, words.export.forget))], thresholds()),
          bar(),
          lost && fold("lost", words.export.away.replace("{name}", () => name), false, drop),
          problemAt(...EXPORT),
          h("p", { class: "snb-actions" }, button("sign-out", words.export.close, () => send("sign_out"))),
        ];
      }

      function connecting() {
        const { account } = words;
        return [
          h("dl", {}, [account.read, account.keep].map(([what, how]) => [h("dt", {}, what), h("dd", {}, how)])),
          view().known
            ? [h("p", { class: "snb-actions" }, connect(), remember()),
               problemAt("pressed"), paste(),
               fold("other", account.other, false, application())]
            : application(),
        ];
      }

      function connect() {
        const click = () => {
          if (!address) return;
          underWay = address;
          model.send({ type: "pressed", address }); // The listener is there already, whatever the kernel does.
          setTimeout(draw);
        };
        return h("a", {
          class: "snb-button snb-main", "data-key": "connect", href: address || null, target: "_blank", rel: "noopener",
          tabindex: "0", "aria-disabled": address ? null : "true",
          on: { click, auxclick: (event) => event.button === 1 && click() },
        }, words.account.connect);
      }

      function remember() {
        const { remember: box } = view();
        if (!box) return null;
        const id = newId();
        const change = (event) => send("remember", { on: event.currentTarget.checked });
        const input = h("input", { id, type: "checkbox", "data-key": "remember", on: { change } });
        input.checked = box.on;
        return h("span", { class: "snb-check" }, input,
          h("label", { for: id }, words.account.remember, h("small", {}, words.account.remember_where)),
          problemAt("remember"));
      }

      function application() {
        const { account } = words;
        return h("div", { class: "snb-two" },
          form([clientId, clientSecret], account.use, "application", problemAt("application", "offer")),
          fold("how", account.how, false,
            h("ol", {},
              h("li", {}, linked(account.how_steps[0], account.how_link, links.api),
                h("table", {},
                  h("thead", {}, h("tr", {}, h("th", { scope: "col" }, account.how_field), h("th", { scope: "col" }, account.how_type))),
                  h("tbody", {}, account.form.map(([name, value, exact]) =>
                    h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, exact ? copyable(value, words) : value)))))),
              account.how_steps.slice(1).map((step) => h("li", {}, step)))));
      }

      function paste() {
        const waiting = view().state === "waiting" || underWay;
        return fold("pasting", words.paste.title, Boolean(waiting || view().guest),
          form([pasted], words.paste.use, "paste", problemAt("paste")));
      }

      function doors() {
        const failed = view().failure?.door === "export" || EXPORT.includes(view().problem?.where);
        if (chosen === undefined && failed) chosen = "export";
        if (chosen === undefined && !view().known && view().state === "out" && view().open) chosen = view().open;
        if (chosen === undefined && (view().known || view().state !== "out" || trouble)) chosen = "account";
        return h("div", { class: "snb-doors" }, DOORS.map((door) => [
          card(door),
          chosen === door && h("div", { class: "snb-inside", role: "group", "aria-label": words.doors[door].title }, insides[door]()),
        ]));
      }

      // --- who is here

      const people = () => view().people.length > 0 &&
        h("p", { class: "snb-actions" }, h("span", {}, words.people),
          view().people.map(({ id, label }) => button(`person-${id}`, label, () => send("resume", { athlete_id: id }))));

      function signedIn() {
        const { place, door, granted, missing, kept } = view().signed_in;
        const again = fold("else", words.in.else, false, h("p", { class: "snb-soft" }, words.account.again), 
          view().known
            ? [h("p", { class: "snb-actions" }, connect()), paste(), fold("other", words.account.other, false, application())]
            : application());
        again.addEventListener("toggle", () => again.open && view().known && !address && send("offer"));
        return [
          h("p", { class: "snb-soft" }, [place, door].filter(Boolean).join(" · ")),
          h("p", {}, view().what_next),
          missing.length > 0 && h("div", { class: "snb-missing" }, h("strong", {}, words.in.missing), h("ul", {}, missing.map((one) => h("li", {}, one)))),
          h("dl", {}, h("dt", {}, words.in.granted), h("dd", {}, granted.join(", ")),
            h("dt", {}, words.in.kept), h("dd", {}, kept, remember()), thresholds()),
          h("p", { class: "snb-actions" }, button("sign-out", words.in.sign_out, () => send("sign_out"))),
          people(),
          again,
        ];
      }

      // --- drawing

      const status = h("p", { class: "snb-status", role: "status" });
      const body = h("div", { class: "snb-body" });
      el.classList.add("snb", "snb-login");
      el.setAttribute("role", "region");
      el.setAttribute("aria-label", words.panel);
      el.append(status, body, h("p", { class: "snb-brand" }, words.brand));

      function draw() {
        const { state, failure, problem, notice, status: told, what_next, guest } = view();
        const here = el.getRootNode().activeElement;
        const key = el.contains(here) && here.dataset.key;
        const said = underWay ? words[guest ? "waiting_guest" : "waiting"] : notice || told;
        if (status.textContent !== said) status.textContent = said; // Read aloud once, not at each drawing.
        trouble = problemBox(problem);
        el.dataset.state = state;
        body.replaceChildren(...[
          what_next && state !== "in" && state !== "opened" && h("p", {}, what_next),
          failure && problemBox(failure),
          guest && state !== "in" && state !== "opened" && h("p", { class: "snb-note" }, guest),
          state === "in" ? signedIn() : state === "opened" ? opened() : [people(), doors()],
        ].flat().filter(Boolean));
        if (trouble && !body.contains(trouble)) body.prepend(trouble);
        if (late) body.append(h("p", { class: "snb-soft", "aria-live": "polite" }, words.patience));
        if (!key) return;
        for (const next of [`[data-key="${key}"]`, ".snb-main", "[data-key]"]) { // What is folded away takes no focus.
          el.querySelector(next)?.focus();
          if (el.contains(el.getRootNode().activeElement)) return;
        }
      }

      const changed = () => { underWay = ""; draw(); };
      model.on("change:view", changed);
      drawings.add(draw);
      const letKeysGo = ownKeys(el);
      draw();
      model.send({ type: "ready" });
      return () => {
        letKeysGo();
        model.off("change:view", changed);
        drawings.delete(draw);
      };
    },
  };
};
