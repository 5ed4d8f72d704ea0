// Elements, numbers and times as text. Text goes in as text nodes alone: nothing here parses markup.

const SVG = 'http://www.w3.org/2000/svg';

function setUp(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) {
      node.addEventListener(name.slice(2), value);
    } else if (name === 'vars') {
      for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
    } else {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child !== undefined && child !== null && child !== false) node.append(child);
  }
  return node;
}

// `vars` sets style properties, `onNAME` listeners, all else attributes. Children are nodes or text.
const el = (tag, attributes, ...children) =>
    setUp(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) =>
    setUp(document.createElementNS(SVG, tag), attributes, children);

// Cells: a number that a double does not hold comes as a string of digits.
const isDigits = (cell) => typeof cell === 'string' && /^-?\d+$/.test(cell);
const exact = (cell) => (typeof cell === 'number' ? cell : isDigits(cell) ? BigInt(cell) : 0);
const approximate = (cell) => Number(exact(cell));

function sum(cells) {
  let total = 0n;
  for (const cell of cells) total += BigInt(exact(cell));
  return total;
}

// One for all: to make one takes longer than to use it.
const formatter = new Intl.NumberFormat('en-US', {maximumFractionDigits: 2});
const format = (number) => formatter.format(number);
const formatCell = (cell) => (typeof cell === 'number' || isDigits(cell) ? format(exact(cell) || 0) : cell);

// Control characters, and those that turn the direction of text, as escapes: what was traced cannot disguise itself.
const visible = (text) => text.replace(/[\0-\x08\x0b-\x1f\x7f]|[\u202a-\u202e\u2066-\u2069]/g, (c) => {
  const code = c.charCodeAt(0).toString(16);
  return code.length > 2 ? '\\u' + code : '\\x' + code.padStart(2, '0');
});

// "12.3K": for axes and labels that have little room.
function short(number) {
  const size = Math.abs(number);
  const units = [[1e18, 'E'], [1e15, 'P'], [1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'K']];
  for (const [unit, name] of units) {
    if (size >= unit) return +(number / unit).toPrecision(3) + name;
  }
  return String(+number.toPrecision(3));
}

function percent(part, whole) {
  if (!whole || !part) return '0%';
  const share = 100 * part / whole;
  return (share >= 10 ? share.toFixed(1) : share.toFixed(2)) + '%';
}

// Milliseconds as people say it.
function duration(ms) {
  if (ms < 1000) return Math.round(ms) + ' ms';
  const seconds = ms / 1000;
  if (seconds < 60) return +seconds.toFixed(seconds < 10 ? 2 : 1) + ' s';
  const minutes = Math.floor(seconds / 60);
  const rest = String(Math.floor(seconds % 60)).padStart(2, '0') + ' s';
  if (minutes < 60) return minutes + ' min ' + rest;
  return Math.floor(minutes / 60) + ' h ' + String(minutes % 60).padStart(2, '0') + ' min';
}

const plural = (count, one, many) => format(count) + ' ' + (count == 1 ? one : many || one + 's');

// Calls `draw(width)` now and whenever the element has another width.
function drawByWidth(element, draw) {
  let known = 0;
  const look = () => {
    const width = Math.floor(element.clientWidth);
    if (width <= 0 || width === known) return;
    known = width;
    draw(width);
  };
  new ResizeObserver(look).observe(element);
  requestAnimationFrame(look);
}
