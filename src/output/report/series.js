// tseries(): a cell is [start of the first interval since 1970, length of an interval, [value or null, ...]], times as digits
// in nanoseconds. Charts show them in the time of the host that was traced, as the head of the page does.

const DAY = 86400e3;
const FINE_STEPS = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1].flatMap((power) => [power, 2 * power, 5 * power]);

// Of the host's clock, "+0100"; "+0000" if the report does not say.
const zone = (/ ([+-]\d{4})$/.exec(data.about.started) || ['', '+0000'])[1];
const zoneNs = BigInt(zone[0] + '60000000000') * BigInt(60 * Number(zone.slice(1, 3)) + Number(zone.slice(3)));

const lastValue = (cell) => (cell[2].length ? cell[2][cell[2].length - 1] : null);
const valuesOf = (cell) => cell[2].filter((value) => value !== null);

function intervalText(cell) {
  const ms = Number(cell[1]) / 1e6;
  if (ms % DAY === 0) return plural(ms / DAY, 'day');
  return ms >= 1 ? duration(ms) : format(1000 * ms) + ' \u00b5s';
}

function seriesText(cell) {
  const filled = valuesOf(cell).length;
  return plural(filled, 'value') + ' in ' + plural(cell[2].length, 'interval') + ' of ' + intervalText(cell) +
      (filled ? ', the last ' + formatCell(lastValue(cell)) : '');
}

// Digits behind the seconds that tell steps of so many milliseconds apart.
const fraction = (ms) => (ms % 1000 === 0 ? 0 : ms % 1 === 0 ? 3 : Number.isInteger(+(ms * 1000).toFixed(6)) ? 6 : 9);

// [date, "14:03:27.100"] of a time since 1970.
function clockOf(ns, digits) {
  const local = ns + zoneNs;
  const [date, time] = new Date(Number(local / 1000000n)).toISOString().split('T');
  return [date, time.slice(0, 8) + (digits ? '.' + String(local % 1000000000n).padStart(9, '0').slice(0, digits) : '')];
}

// An axis of times of day; its numbers are milliseconds from `base`, nanoseconds since 1970.
function clockAxis(base, intervalMs) {
  const at = (ms) => base + BigInt(Math.round(ms * 1e6));
  return {
    ticks(low, high, count) {
      const raw = (high - low) / count;
      const step = [...FINE_STEPS, ...TIME_STEPS].find((n) => n >= raw && n >= Math.min(intervalMs, DAY)) ||
          Math.ceil(raw / DAY) * DAY;
      const phase = Number((at(low) + zoneNs) % BigInt(Math.round(step * 1e6))) / 1e6;
      const out = [];
      for (let ms = phase > 0 ? low - phase + step : low; ms <= high + step * 1e-6; ms += step) {
        const [date, time] = clockOf(at(ms), fraction(step));
        const text = step % 60e3 === 0 ? time.slice(0, 5) : time;
        out.push([ms, step >= DAY ? date : high - low >= DAY ? date.slice(5) + ' ' + text : text]);
      }
      return out;
    },
    label: (ms) => clockOf(at(ms), Math.max(3, fraction(intervalMs))).join(' ') + ' ' + zone,
  };
}

// What LineChart draws of the rows with the largest values: times are those of all their intervals.
function chartOfSeries(map, rows) {
  const at = map.keys.length;
  const largest = (row) => valuesOf(row[at]).reduce((a, b) => Math.max(a, Math.abs(approximate(b))), 0);
  const filled = rows.filter((row) => row[at][2].length);
  const shown = filled.map((row) => ({row, size: largest(row)})).sort((a, b) => b.size - a.size).slice(0, SERIES);
  if (!shown.length) return null;
  const starts = shown.map(({row}) => BigInt(row[at][0]));
  const base = starts.reduce((a, b) => (b < a ? b : a));
  // From `base`, nanoseconds.
  const begins = shown.map(({row}, i) =>
      row[at][2].map((_, k) => Number(starts[i] - base) + k * Number(row[at][1])));
  const times = [...new Set(begins.flat())].sort((a, b) => a - b);
  const places = new Map(times.map((time, i) => [time, i]));
  const lines = shown.map(({row}, i) => {
    const line = {name: keyText(map, row), values: Array(times.length).fill(null), cells: []};
    row[at][2].forEach((value, k) => {
      if (value === null) return;
      const place = places.get(begins[i][k]);
      line.values[place] = approximate(value);
      line.cells[place] = value;
    });
    return line;
  });
  return {times: times.map((ns) => ns / 1e6), exits: [], lines, hidden: filled.length - shown.length,
    axis: clockAxis(base, Number(shown[0].row[at][1]) / 1e6)};
}

function seriesView(map, rows) {
  const chart = chartOfSeries(map, rows);
  return chart ? new LineChart(chart, map.name).element : el('p', {class: 'note'}, 'No interval holds a value.');
}

// A series without keys as a table: a row for each interval.
function intervalTable(map, row) {
  const [start, length, values] = row ? row[0] : ['0', '1', []];
  const digits = Math.max(3, fraction(Number(length) / 1e6));
  const rows = values.map((value, i) => [clockOf(BigInt(start) + BigInt(i) * BigInt(length), digits).join(' '), value]);
  return new Table([{title: 'interval from (' + zone + ')', kind: 'text'}, {title: 'value', kind: 'number'}], rows,
      {label: map.name, keys: 1, sort: 0}).element;
}

// A line without scale, for the cells of tables.
function sparkLine(cell) {
  const numbers = cell[2].map((value) => (value === null ? null : approximate(value)));
  const known = numbers.filter((value) => value !== null);
  const x = scale(0, Math.max(1, numbers.length - 1), 2, 118);
  const low = known.reduce((a, b) => Math.min(a, b), 0), high = known.reduce((a, b) => Math.max(a, b), 0);
  const y = scale(low, high, 16, 2);
  return svg('svg', {width: 120, height: 18, class: 'trend', 'aria-hidden': 'true'}, svg('path', {d: lineThrough(numbers, x, y)}));
}

// A path with a gap wherever there is no value; a value alone is a short stroke.
function lineThrough(values, x, y) {
  let d = '';
  values.forEach((value, i) => {
    if (value === null) return;
    const before = i > 0 && values[i - 1] !== null, behind = i + 1 < values.length && values[i + 1] !== null;
    d += (before ? 'L' : 'M') + x(i).toFixed(1) + ' ' + y(value).toFixed(1) + (before || behind ? '' : 'h1');
  });
  return d;
}
