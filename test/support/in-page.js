/* Runs inside a page: pictures of what people see, as plain data for the test. */

/** Texts whose contrast to what is behind them is below a bound (WCAG 2.2, 1.4.3), each with its colours. */
function contrastsBelow(bound) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const channels = (colour) => {
    if (!known.has(colour)) {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
      known.set(colour, { red, green, blue, alpha: alpha / 255 });
    }
    return known.get(colour);
  };
  const luminance = ({ red, green, blue }) => {
    const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const behind = (element) => {
    const filled = element.closest("svg.stretch, svg.stack g.box")?.querySelector(":scope > rect");
    if (element.tagName === "text" && filled) return channels(getComputedStyle(filled).fill);
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.alpha === 1) return colour;
    }
    return channels("white");
  };
  const low = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let judged = 0;
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const text = texts.currentNode.textContent.trim();
    if (text === "" || ["SCRIPT", "STYLE", "title", "desc"].includes(element.tagName)) continue;
    if (!element.checkVisibility({ visibilityProperty: true }) || element.getClientRects().length === 0) continue;
    judged += 1;
    const style = getComputedStyle(element);
    const [one, other] = [channels(element.tagName === "text" ? style.fill : style.color), behind(element)].map(
      luminance,
    );
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < bound)
      low.push(
        `${contrast.toFixed(2)} of "${text.slice(0, 40)}" in ${element.tagName}.${element.getAttribute("class")}`,
      );
  }
  return { judged, low };
}

/** Shares of its bar that the stretches of each bar inside an element take, with their classes; one bar an entry. */
function bars(selector) {
  return [...document.querySelectorAll(`${selector} svg.bar`)].map((bar) => {
    const whole = bar.getBoundingClientRect().width;
    return [...bar.querySelectorAll("svg.stretch")].map((stretch) => {
      const drawn = stretch.querySelector("rect").getBBox().width;
      return { kind: stretch.getAttribute("class").replace("stretch ", ""), share: drawn / whole };
    });
  });
}

/** How much of its width each box of the graph has left to the right of its words. */
function spareWidths() {
  return [...document.querySelectorAll("svg.stack g.box")].map((box) => {
    const ends = [...box.querySelectorAll("text")].map((text) => text.getBBox().x + text.getBBox().width);
    return box.querySelector("rect").getBBox().width - Math.max(...ends);
  });
}

/** An attribute of each of some elements. */
function attributes(selector, name) {
  return [...document.querySelectorAll(selector)].map((each) => each.getAttribute(name));
}

/** Pictures without a name or a description. */
function unnamedPictures() {
  const says = (picture, part) => picture.querySelector(`:scope > ${part}`)?.textContent;
  const pictures = [...document.querySelectorAll("svg[role=img]")];
  return pictures.filter((each) => !says(each, "title") || !says(each, "desc")).map((each) => each.outerHTML);
}

/** How much wider each of some elements is inside than outside. */
function overflows(selector) {
  return [...document.querySelectorAll(selector)].map((each) => each.scrollWidth - each.clientWidth);
}

globalThis.inPage = { contrastsBelow, bars, spareWidths, attributes, unnamedPictures, overflows };
