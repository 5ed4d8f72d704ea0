// A table that sorts and filters, and that holds no more rows in the page than are in sight.

const ROW_HEIGHT = 28;
const ROWS_BEYOND = 20;
const PRINTED_ROWS = 500;

class Table {
  // `columns` as in the data; `rows`: arrays of cells. `options.label`, `options.keys`: columns in front that are keys,
  // `options.onrow(row)`: what opening a row does besides showing it in full.
  constructor(columns, rows, options) {
    this.columns = columns;
    this.options = options;
    this.sorted = {column: -1, down: true};
    this.words = [];
    this.build();
    this.setRows(rows);
  }

  build() {
    this.filter = el('input', {
      type: 'search', placeholder: 'Filter rows', 'aria-label': 'Filter the rows of ' + this.options.label,
      spellcheck: 'false', oninput: () => this.refine(),
    });
    this.status = el('span', {class: 'status', role: 'status'});
    this.heads = this.columns.map((column, i) => el('th', {scope: 'col', class: isNumber(column) ? i < (this.options.keys || 0) ? 'number narrow' : 'number' : ''},
        el('button', {type: 'button', onclick: () => this.sortBy(i)}, column.title)));
    this.body = el('tbody');
    this.table = el('table', {'aria-label': this.options.label, onkeydown: (event) => this.onKey(event)},
        el('thead', {}, el('tr', {}, this.heads)), this.body);
    this.box = el('div', {class: 'rows', onscroll: () => this.draw()}, this.table);
    this.details = el('div', {class: 'details', hidden: true});
    this.element = el('div', {class: 'table'},
        el('div', {class: 'bar'}, this.filter, this.status), this.box, this.details);
    window.addEventListener('beforeprint', () => this.draw(PRINTED_ROWS));
    window.addEventListener('afterprint', () => this.draw());
  }

  setRows(rows) {
    this.all = rows;
    this.texts = null;
    this.largest = this.columns.map((column, i) => isNumber(column) && i >= (this.options.keys || 0) ?
        rows.reduce((most, row) => Math.max(most, Math.abs(approximate(row[i]))), 0) : 0);
    if (this.sorted.column < 0 && this.columns.length) {
      const at = this.options.sort === undefined ? this.columns.length - 1 : this.options.sort;
      this.sorted = {column: at, down: !this.isText(at)};
    }
    this.refine();
  }

  isText(column) {
    return isStack(this.columns[column]) || this.columns[column].kind === 'text';
  }

  sortBy(column) {
    const again = this.sorted.column === column;
    this.sorted = {column, down: again ? !this.sorted.down : !this.isText(column)};
    this.refine();
  }

  // Applies filter and order.
  refine() {
    const words = this.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    this.rows = this.all;
    if (words.length) {
      this.texts ??= this.all.map((row) => row.map((cell, i) => cellText(cell, this.columns[i])).join('\t').toLowerCase());
      this.rows = this.all.filter((row, i) => words.every((word) => this.texts[i].includes(word)));
    }
    const {column, down} = this.sorted;
    if (column >= 0) {
      this.rows = this.rows.slice().sort((a, b) =>
          (down ? -1 : 1) * compareCells(a[column], b[column], this.columns[column]));
    }
    this.heads.forEach((head, i) => head.setAttribute('aria-sort',
        i !== column ? 'none' : down ? 'descending' : 'ascending'));
    const all = this.all.length;
    this.status.textContent = words.length ? format(this.rows.length) + ' of ' + plural(all, 'row') : plural(all, 'row');
    this.filter.hidden = all < 2;
    this.focused = 0;
    this.details.hidden = true;
    this.box.scrollTop = 0;
    this.table.setAttribute('aria-rowcount', String(this.rows.length + 1));
    this.draw();
  }

  // The rows in sight, with room for the others above and below. For paper: the first `printed` ones.
  draw(printed) {
    const height = this.box.clientHeight || 480;
    let first = Math.max(0, Math.floor(this.box.scrollTop / ROW_HEIGHT) - ROWS_BEYOND);
    let last = Math.min(this.rows.length, Math.ceil((this.box.scrollTop + height) / ROW_HEIGHT) + ROWS_BEYOND);
    if (printed) [first, last] = [0, Math.min(printed, this.rows.length)];
    const above = this.spacer(first);
    const below = printed ? this.cut(last) : this.spacer(this.rows.length - last);
    this.drawn = {first, last};
    const lines = [];
    for (let i = first; i < last; i++) lines.push(this.line(i));
    this.body.replaceChildren(...[above, ...lines, below].filter(Boolean));
  }

  spacer(rows) {
    return rows > 0 && el('tr', {class: 'spacer', 'aria-hidden': 'true'},
        el('td', {colspan: this.columns.length, vars: {height: rows * ROW_HEIGHT + 'px'}}));
  }

  cut(shown) {
    const left = this.rows.length - shown;
    return left > 0 && el('tr', {}, el('td', {colspan: this.columns.length, class: 'note'},
        plural(left, 'more row') + ' in the page on the screen'));
  }

  line(index) {
    const row = this.rows[index];
    return el('tr', {
      'aria-rowindex': index + 2, tabindex: index === this.focused ? '0' : '-1', onclick: () => this.open(index),
    }, this.columns.map((column, i) => this.cell(row[i], column, i)));
  }

  cell(cell, column, i) {
    const text = cellText(cell, column);
    if (isHistogram(column)) return el('td', {class: 'bars', title: text}, sparkBars(cell));
    if (isSeries(column)) {
      return el('td', {class: 'number', title: text}, sparkLine(cell), el('span', {class: 'last'}, formatCell(lastValue(cell) ?? 'none')));
    }
    if (!isNumber(column)) return el('td', {class: isStack(column) ? 'stack' : '', title: text}, text);
    const share = this.largest[i] > 0 ? Math.abs(approximate(cell)) / this.largest[i] : 0;
    return el('td', {class: 'number' + (share ? ' scaled' : ''), vars: {'--share': (100 * share).toFixed(1) + '%'}},
        text);
  }

  open(index) {
    this.focus(index);
    const row = this.rows[index];
    this.details.hidden = false;
    this.details.replaceChildren(
        el('button', {type: 'button', class: 'close', 'aria-label': 'Close the details',
          onclick: () => this.details.hidden = true}, '\u00d7'),
        el('dl', {}, this.columns.map((column, i) => [
          el('dt', {}, column.title),
          el('dd', {}, isHistogram(column) ? histogram(row[i]) :
              isSeries(column) ? seriesView({name: column.title, keys: []}, [[row[i]]]) : cellLines(row[i], column)),
        ])));
  }

  focus(index) {
    if (!this.rows.length) return;
    this.focused = Math.max(0, Math.min(index, this.rows.length - 1));
    const top = this.focused * ROW_HEIGHT;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    const room = this.box.clientHeight - 2 * ROW_HEIGHT;
    if (top > this.box.scrollTop + room) this.box.scrollTop = top - room;
    this.draw();
    const line = this.body.querySelector('[aria-rowindex="' + (this.focused + 2) + '"]');
    if (line) line.focus({preventScroll: true});
  }

  onKey(event) {
    if (!event.target.closest('tbody')) return;
    const page = Math.max(1, Math.floor(this.box.clientHeight / ROW_HEIGHT) - 2);
    const steps = {ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity};
    if (event.key in steps) {
      this.focus(this.focused + steps[event.key]);
    } else if (event.key === 'Enter' || event.key === ' ') {
      this.open(this.focused);
    } else if (event.key === 'Escape') {
      this.details.hidden = true;
    } else {
      return;
    }
    event.preventDefault();
  }
}
