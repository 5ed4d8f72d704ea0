// What the assertions of the pages use. Each pages/NAME.js runs in the page, behind this.
const one = (selector, within = document) => {
  const found = within.querySelector(selector);
  if (!found) throw new Error('the page has no ' + selector);
  return found;
};
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const texts = (selector, within) => all(selector, within).map((element) => element.textContent);
const same = (got, wanted, what) => {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
  if (a !== b) throw new Error((what || 'value') + ' is ' + a + ', expected ' + b);
};
const check = (condition, what) => {
  if (!condition) throw new Error(what);
};
const button = (text, within = document) => {
  const found = all('button', within).find((element) => element.textContent === text);
  if (!found) throw new Error('there is no button ' + text);
  return found;
};
const type = (input, text) => {
  input.value = text;
  input.dispatchEvent(new Event('input', {bubbles: true}));
};
const key = (name, target = document.activeElement) =>
    target.dispatchEvent(new KeyboardEvent('keydown', {key: name, bubbles: true, cancelable: true}));
const frames = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
// The first column of the rows that a table shows.
const column = (within, i) => all('tbody tr:not(.spacer)', within).map((row) => row.cells[i].textContent);
// A part of the page that must have colours in the screenshot: not the card alone.
const regions = [];
const coloured = (selector) => {
  const {left, top, right, bottom} = one(selector).getBoundingClientRect();
  regions.push([left + scrollX, top + scrollY, right + scrollX, bottom + scrollY]);
};
