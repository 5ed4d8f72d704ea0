// The data of the page, and what maps have in common.

const data = JSON.parse(document.getElementById('data').textContent);

// Colours that people with any colour vision tell apart (Okabe and Ito), and dashes for those who see none.
const SERIES = 8;
const dashes = ['', '7 4', '2 3', '9 3 2 3', '1 4', '12 4', '5 2 1 2', '3 6'];

const isStack = (column) => column.kind === 'kernel' || column.kind === 'user';
const isNumber = (column) => column.kind === 'number';
const isHistogram = (column) => column.kind === 'histogram';
const isSeries = (column) => column.kind === 'series';
const frameName = (index) => data.frames[index][0];
// "[inlined] helper  main.c:12"
function frameText(index) {
  const [name, , line, isInlined] = data.frames[index];
  return (isInlined ? '[inlined] ' : '') + name + (line ? '  ' + line : '');
}

// A cell as one line of text.
function cellText(cell, column) {
  if (isStack(column)) return visible(cell.map(frameName).join(' \u2190 ')) || '(no stack)';
  if (isHistogram(column)) return plural(sum(cell.map((bucket) => bucket[2])), 'value');
  if (isSeries(column)) return seriesText(cell);
  // Quantiles below zero are not told apart.
  if (cell === null) return column.role === 'percentile' ? '<0' : 'none';
  return isNumber(column) ? formatCell(cell) : visible(String(cell));
}

// The cell in full, for the details of a row.
function cellLines(cell, column) {
  return isStack(column) ? visible(cell.map(frameText).join('\n')) || '(no stack)' : cellText(cell, column);
}

function keyText(map, row) {
  return map.keys.map((column, i) => cellText(row[i], column)).join(', ');
}

const collator = new Intl.Collator('en', {numeric: true});

// Below, equal to or above zero. Numbers, then texts in the order that people expect.
function compareCells(a, b, column) {
  if (isNumber(column) || isSeries(column)) {
    const number = (cell) => (cell === null ? -Infinity : exact(cell));
    const [x, y] = (isSeries(column) ? [lastValue(a), lastValue(b)] : [a, b]).map(number);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  if (isHistogram(column)) {
    const x = sum(a.map((bucket) => bucket[2])), y = sum(b.map((bucket) => bucket[2]));
    return x < y ? -1 : x > y ? 1 : 0;
  }
  return collator.compare(cellText(a, column), cellText(b, column));
}

// What a row weighs: its number, the total of stats(), how many values a histogram, stddev() or quantiles() has counted.
function weightColumn(map) {
  const counted = map.values.findIndex((column) => column.role === 'weight');
  if (counted >= 0) return map.keys.length + counted;
  for (let i = map.values.length - 1; i >= 0; i--) {
    if (isNumber(map.values[i]) || isHistogram(map.values[i])) return map.keys.length + i;
  }
  return -1;
}

function weight(map, row) {
  const at = weightColumn(map);
  if (at < 0) return 1;
  const cell = row[at];
  return Array.isArray(cell) ? Number(sum(cell.map((bucket) => bucket[2]))) : approximate(cell);
}

// The state that is shown first: the last one that has entries.
function lastState(map) {
  for (let i = map.snapshots.length - 1; i >= 0; i--) {
    if (map.snapshots[i].rows.length) return i;
  }
  return map.snapshots.length - 1;
}

const stateTime = (state) => (state.exit ? 'at exit, ' : 'at ') + duration(state.at);
