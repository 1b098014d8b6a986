/* Everything that is shown is made here, as text: no text of an order is ever read as HTML. */
const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === "") continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

const h = (tag, attributes, ...children) =>
  fill(document.createElement(tag), attributes, children);
const s = (tag, attributes, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

/* Text from an order inside a sentence: whatever its direction, it turns nothing else around. */
const bdi = (text) => h("bdi", {}, text);
/* Names that stand in words of this page: read from the left, even if the first is not. */
const framed = (text) => h("bdi", { dir: "ltr" }, text);

const chip = (word) => h("span", { class: "chip " + word }, word);

function sentence(text) {
  const told = text.trim();
  if (!told) return "";
  return told[0].toUpperCase() + told.slice(1) + (/[.!?…]$/.test(told) ? "" : ".");
}

const counted = (number, noun) =>
  number.toLocaleString("en") + " " + (number === 1 ? noun : noun + "s");

const bits = (thousandths) => (thousandths / 1000).toFixed(3);
const signed = (thousandths) => (thousandths < 0 ? "−" : "+") + bits(Math.abs(thousandths));

function read(name) {
  return JSON.parse(document.getElementById("data-" + name).textContent);
}
