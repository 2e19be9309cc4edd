"use strict";

/* Tables: where their rows become cards, some browsers forget what they are. */
const ROLES = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell" };
for (const [tag, role] of Object.entries(ROLES)) {
  for (const element of document.querySelectorAll(tag)) element.setAttribute("role", role);
}
for (const head of document.querySelectorAll("th")) {
  head.setAttribute("role", head.scope === "row" ? "rowheader" : "columnheader");
}

/* Filters: each panel shows those of its things that carry the chosen values and hold every word. */
for (const panel of document.querySelectorAll("[data-filters]")) {
  const list = document.getElementById(panel.dataset.filters);
  const choosers = [...panel.querySelectorAll("fieldset")];
  const attributes = choosers.map((chooser) => `data-${chooser.dataset.attribute}`);
  const things = [...list.querySelectorAll(attributes.map((attribute) => `[${attribute}]`).join(","))];
  const texts = things.map((thing) => thing.textContent.toLowerCase());
  const words = panel.querySelector("input[type=search]");
  const shown = panel.querySelector(".shown");
  const holders = [...list.querySelectorAll("[data-group], details.more, .table")];

  const apply = () => {
    const values = choosers.map((chooser) => chooser.querySelector("input:checked").value);
    const sought = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const isFiltered = sought.length > 0 || values.some(Boolean);
    const fits = (thing, at) =>
      values.every((value, of) => value === "" || thing.getAttribute(attributes[of]) === value) &&
      sought.every((word) => texts[at].includes(word));
    const fitting = new Set(things.filter(fits));
    for (const thing of things) thing.hidden = !fitting.has(thing);
    for (const holder of holders) {
      const inside = things.filter((thing) => holder.contains(thing));
      holder.hidden = inside.length > 0 && !inside.some((thing) => fitting.has(thing));
      if (holder.matches("details.more")) {
        // What was folded is opened for as long as something is sought, not for good.
        if (isFiltered && !holder.open) holder.dataset.opened = "";
        if (isFiltered) holder.open = true;
        else if ("opened" in holder.dataset) {
          holder.open = false;
          delete holder.dataset.opened;
        }
      }
    }
    shown.textContent = isFiltered ? `${fitting.size} of ${things.length} ${shown.dataset.noun} shown` : "";
  };
  panel.addEventListener("input", apply);
  panel.hidden = false;
  // Browsers keep what was chosen when a page is loaded again.
  apply();
}

/* The graph: what a node waits for, and what waits for it, stands out while the pointer is on it. */
for (const graph of document.querySelectorAll("svg.stack")) {
  const paths = [...graph.querySelectorAll("path[data-from]")];
  const boxes = [...graph.querySelectorAll("[data-node]")];
  const show = (node) => {
    const near = new Set([node]);
    for (const path of paths) {
      const isNear = path.dataset.from === node || path.dataset.to === node;
      path.classList.toggle("near", isNear);
      if (isNear) near.add(path.dataset.from).add(path.dataset.to);
    }
    for (const box of boxes) box.classList.toggle("far", node !== undefined && !near.has(box.dataset.node));
    graph.classList.toggle("chosen", node !== undefined);
  };
  graph.addEventListener("pointerover", (event) => show(event.target.closest("[data-node]")?.dataset.node));
  graph.addEventListener("pointerleave", () => show(undefined));
}
