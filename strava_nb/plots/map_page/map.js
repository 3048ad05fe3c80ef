// One map of one page. Every text comes as data and is set as text, never as markup.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);

const element = (name, className, text = "") => {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
};

const control = (position, content) => {
  const made = L.control({ position });
  made.onAdd = () => {
    L.DomEvent.disableClickPropagation(content);
    L.DomEvent.disableScrollPropagation(content);
    return content;
  };
  return made.addTo(map);
};

// Places out of Google's encoding of a line: as Strava's summaries have it, and a fifth of the numbers' size.
const places = (text) => {
  const found = [];
  const place = [0, 0];
  let axis = 0;
  let step = 0;
  let bits = 0;
  for (const letter of text) {
    const number = letter.charCodeAt(0) - 63;
    step |= (number & 31) << bits;
    bits += 5;
    if (number > 31) continue;
    place[axis] += step & 1 ? ~(step >> 1) : step >> 1;
    if (axis === 1) found.push([place[0] / 1e5, place[1] / 1e5]);
    axis = 1 - axis;
    step = bits = 0;
  }
  return found;
};

const map = L.map("map", {
  renderer: L.canvas({ tolerance: 8, padding: 0.5 }),
  attributionControl: false,
  zoomSnap: 0.25,
});

const popup = (line) => {
  const content = element("div", "popup");
  content.append(element("strong", "", line.name));
  if (line.about) content.append(element("div", "", line.about));
  if (line.link) {
    const link = element("a", "strava", "View on Strava");
    link.href = line.link;
    link.target = "_blank";
    link.rel = "noopener";
    content.append(link);
  }
  return content;
};

const many = data.lines.length > data.few;
const style = { weight: many ? 2.5 : 3.5, opacity: many ? 0.7 : 1, lineJoin: "round", smoothFactor: 0.6 };

const beside = innerWidth > 700 ? 290 : 16; // the list
const drawn = data.lines.map((line) => {
  const pieces = line.pieces.map(places);
  const group = L.featureGroup();
  if (!many) L.polyline(pieces, { weight: 6.5, color: "#fff", interactive: false }).addTo(group);
  const way = L.polyline(pieces, { ...style, color: line.colour }).addTo(group);
  way.bindPopup(popup(line), { maxWidth: 320, autoPanPaddingTopLeft: [56, 16], autoPanPaddingBottomRight: [beside, 16] });
  way.on("mouseover", () => way.setStyle({ weight: 6, opacity: 1 }).bringToFront());
  way.on("mouseout", () => way.setStyle(style));
  const mark = (place, fill, word) =>
    L.circleMarker(place, { radius: 6, weight: 2.5, color: "#222831", fillColor: fill, fillOpacity: 1 })
      .bindTooltip(word)
      .addTo(group);
  if (line.start) mark(line.start, "#fff", "Start");
  if (line.end) mark(line.end, "#222831", "End");
  return { line, pieces, group: group.addTo(map), way };
});

const entry = (colour, text, press) => {
  const button = element("button", "");
  button.type = "button";
  const swatch = element("i", "swatch");
  swatch.style.background = colour;
  button.append(swatch, element("span", "", text));
  button.title = text;
  button.addEventListener("click", () => press(button));
  return button;
};

if (drawn.length) {
  const list = element("div", "card list");
  if (many) {
    for (const [name, colour] of data.groups) {
      const own = drawn.filter(({ line }) => line.group === name);
      const toggle = (button) => {
        const shown = button.getAttribute("aria-pressed") === "true";
        button.setAttribute("aria-pressed", String(!shown));
        for (const { group } of own) shown ? group.remove() : group.addTo(map);
      };
      const button = entry(colour, `${name} (${own.length})`, toggle);
      button.setAttribute("aria-pressed", "true");
      list.append(button);
    }
  } else {
    for (const { line, pieces, way } of drawn) {
      list.append(entry(line.colour, line.name, () => {
        const longest = pieces.reduce((one, other) => (other.length > one.length ? other : one));
        map.fitBounds(way.getBounds(), { padding: [40, 40], maxZoom: 16, animate: false });
        way.bringToFront().openPopup(longest[Math.floor(longest.length / 2)]);
      }));
    }
  }
  control("topright", list);
  L.control.scale({ metric: data.metric, imperial: !data.metric, maxWidth: 140 }).addTo(map);
  const near = L.featureGroup(drawn.filter(({ line }) => !line.far).map(({ way }) => way));
  map.fitBounds(near.getBounds(), { paddingTopLeft: [56, 28], paddingBottomRight: [28, 84], maxZoom: 16 });
} else {
  map.setView([0, 0], 1);
  map.getContainer().append(element("div", "sentence", data.sentence));
}

if (data.demo) control("topleft", element("div", "demo", data.demo));
if (data.notes.length) control("bottomleft", element("div", "card notes", data.notes.join(" ")));

if (data.tiles) {
  const layer = L.tileLayer(data.tiles.address, { maxZoom: 19, referrerPolicy: "strict-origin-when-cross-origin" });
  layer.addTo(map);
  const source = element("div", "card notes");
  const named = element(data.tiles.page ? "a" : "span", "", data.tiles.attribution);
  if (data.tiles.page) Object.assign(named, { href: data.tiles.page, target: "_blank", rel: "noopener" });
  source.append(named);
  control("bottomright", source);
}

// A notebook may show its outputs before they have their size.
new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
