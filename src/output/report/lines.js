// Values over time: one line for each key.

const CHART_HEIGHT = 260;
const MARGIN = {left: 56, right: 28, top: 12, bottom: 28};

// {times, exits, lines: [{name, values, cells}]}; a value is null where the map had no such key, or a quantile is below zero.
function seriesOf(map, column) {
  const states = map.snapshots;
  const byKey = new Map();
  states.forEach((state, i) => {
    for (const row of state.rows) {
      const name = keyText(map, row);
      if (!byKey.has(name)) byKey.set(name, {name, values: Array(states.length).fill(null), cells: []});
      const line = byKey.get(name);
      line.cells[i] = row[column] ?? '<0';
      line.values[i] = row[column] === null ? null : approximate(row[column]);
    }
  });
  const largest = (line) => line.values.reduce((a, b) => Math.max(a, Math.abs(b || 0)), 0);
  const lines = [...byKey.values()].map((line) => ({...line, largest: largest(line)}));
  lines.sort((a, b) => b.largest - a.largest);
  return {times: states.map((state) => state.at), exits: states.map((state) => Boolean(state.exit)), lines};
}

// A line for each of the columns, of one key.
function linesOfColumns(map, columns, keyName) {
  const states = map.snapshots;
  const rows = states.map((state) => state.rows.find((row) => keyText(map, row) === keyName));
  const lines = columns.map(({column, i}) => ({
    name: column.title,
    values: rows.map((row) => (row && row[i] !== null ? approximate(row[i]) : null)),
    cells: rows.map((row) => row && (row[i] ?? '<0')),
  }));
  return {times: states.map((state) => state.at), exits: states.map((state) => Boolean(state.exit)), lines};
}

class LineChart {
  // `series.axis`: of the times, else milliseconds of the run. `series.hidden`: how many lines have been left out.
  constructor(series, label) {
    this.times = series.times;
    this.axis = series.axis || runAxis;
    this.exits = series.exits;
    this.lines = series.lines.slice(0, SERIES).map((line, i) => ({...line, style: i}));
    this.hiddenLines = series.hidden || series.lines.length - this.lines.length;
    this.label = label;
    this.off = new Set();
    this.at = -1;
    this.build();
  }

  build() {
    this.box = el('div', {class: 'chart'});
    this.reading = el('div', {class: 'reading', role: 'status'});
    this.legend = el('div', {class: 'legend'}, this.lines.length > 1 && this.lines.map((line, i) =>
        el('button', {type: 'button', 'aria-pressed': 'true', title: 'Show or hide ' + line.name,
          onclick: (event) => this.toggle(i, event.currentTarget)}, this.sample(line), el('span', {}, line.name))),
        this.hiddenLines > 0 && el('span', {class: 'note'}, 'and ' + plural(this.hiddenLines, 'smaller key') + ': see the table'));
    this.element = el('figure', {class: 'lines'}, this.legend, this.box, this.reading);
    drawByWidth(this.box, (width) => this.draw(width));
  }

  sample(line) {
    return svg('svg', {width: 26, height: 10, 'aria-hidden': 'true'},
        svg('line', {x1: 0, y1: 5, x2: 26, y2: 5, class: 'series s' + line.style, 'stroke-dasharray': dashes[line.style]}));
  }

  toggle(i, button) {
    if (!this.off.delete(i)) this.off.add(i);
    button.setAttribute('aria-pressed', String(!this.off.has(i)));
    this.draw(this.width);
  }

  draw(width) {
    this.width = width;
    const shown = this.lines.filter((line, i) => !this.off.has(i));
    const values = shown.flatMap((line) => line.values.filter((value) => value !== null));
    let low = values.reduce((a, b) => Math.min(a, b), 0), high = values.reduce((a, b) => Math.max(a, b), 0);
    if (low === high) high = low + 1;
    const round = ticks(low, high, 5);
    const step = round.length > 1 ? round[1] - round[0] : 1;
    const bottom = Math.floor(low / step + 1e-9), top = Math.ceil(high / step - 1e-9);
    const levels = Array.from({length: top - bottom + 1}, (_, i) => (bottom + i) * step);
    [low, high] = [bottom * step, top * step];
    const first = this.times[0], last = this.times[this.times.length - 1];
    this.x = scale(first, last, MARGIN.left, width - MARGIN.right);
    this.y = scale(low, high, CHART_HEIGHT - MARGIN.bottom, MARGIN.top);
    this.cursor = svg('g', {class: 'cursor'});
    const picture = svg('svg', {
      width, height: CHART_HEIGHT, role: 'img', tabindex: '0',
      'aria-label': this.label + ' over time; the arrow keys read its values',
      onmousemove: (event) => this.point(event.offsetX), onmouseleave: () => this.read(-1),
      onkeydown: (event) => this.onKey(event), onblur: () => this.read(-1),
    }, this.grid(width, levels, this.axis.ticks(first, last, Math.max(2, width / 120))), shown.map((line) => this.path(line)), this.cursor);
    this.box.replaceChildren(picture);
    this.read(-1);
  }

  grid(width, levels, times) {
    const bottom = CHART_HEIGHT - MARGIN.bottom;
    return svg('g', {class: 'grid'},
        levels.map((level) => [
          svg('line', {x1: MARGIN.left, x2: width - MARGIN.right, y1: this.y(level), y2: this.y(level)}),
          svg('text', {x: MARGIN.left - 8, y: this.y(level) + 4, 'text-anchor': 'end'}, short(level)),
        ]),
        times.map(([time, text]) => {
          const beyond = this.x(time) + 3.3 * text.length > width;
          return svg('text', {x: beyond ? width : this.x(time), y: bottom + 18, 'text-anchor': beyond ? 'end' : 'middle'}, text);
        }));
  }

  path(line) {
    const d = lineThrough(line.values, (i) => this.x(this.times[i]), this.y);
    const dots = this.times.length > 60 ? [] : line.values.map((value, i) => value !== null &&
        svg('circle', {cx: this.x(this.times[i]).toFixed(1), cy: this.y(value).toFixed(1), r: 3, class: this.exits[i] ? 'open' : ''}));
    return svg('g', {class: 'series s' + line.style}, svg('path', {d, 'stroke-dasharray': dashes[line.style]}), dots);
  }

  point(x) {
    let nearest = 0;
    this.times.forEach((time, i) => {
      if (Math.abs(this.x(time) - x) < Math.abs(this.x(this.times[nearest]) - x)) nearest = i;
    });
    this.read(nearest);
  }

  onKey(event) {
    const steps = {ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity};
    if (!(event.key in steps)) return;
    event.preventDefault();
    const from = this.at < 0 ? (steps[event.key] > 0 ? -1 : this.times.length) : this.at;
    this.read(Math.max(0, Math.min(this.times.length - 1, from + steps[event.key])));
  }

  // Shows the values at one time; -1: none.
  read(at) {
    this.at = at;
    this.cursor.replaceChildren();
    if (at < 0) {
      this.reading.replaceChildren(el('span', {class: 'note'}, 'Point at the chart, or focus it and use the arrow keys, to read values.'));
      return;
    }
    const x = this.x(this.times[at]);
    this.cursor.append(svg('line', {x1: x, x2: x, y1: MARGIN.top, y2: CHART_HEIGHT - MARGIN.bottom}));
    this.reading.replaceChildren(el('b', {}, this.axis.label(this.times[at]) + (this.exits[at] ? ', at exit' : '')),
        ...this.lines.filter((line, i) => !this.off.has(i)).map((line) => el('span', {}, this.sample(line),
            (line.name ? line.name + ' ' : ''), el('b', {}, line.values[at] === null ? 'none' : formatCell(line.cells[at])))));
  }
}
