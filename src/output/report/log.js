// What the script printed, line by line, with the time of each.

const LINE_HEIGHT = 20;

class Log {
  constructor(log) {
    this.log = log;
    this.all = log.lines.map((line) => ({at: line[0], kind: line[1], text: visible(line[2])}));
    if (log.dropped > 0) {
      this.all.splice(log.head, 0, {at: null, kind: 'cut', text: plural(log.dropped, 'line') + ' left out here'});
    }
    this.filter = el('input', {
      type: 'search', placeholder: 'Filter lines', 'aria-label': 'Filter the printed lines', spellcheck: 'false',
      oninput: () => this.refine(),
    });
    this.wrap = el('button', {type: 'button', 'aria-pressed': 'false', onclick: () => this.turn()}, 'Show times');
    this.status = el('span', {class: 'status', role: 'status'});
    this.view = el('div', {class: 'lines-view'});
    this.box = el('div', {class: 'log', tabindex: '0', role: 'log', 'aria-label': 'Printed text', onscroll: () => this.draw()}, this.view);
    this.element = el('div', {}, el('div', {class: 'bar'}, this.filter, this.status, this.wrap), this.box);
    window.addEventListener('beforeprint', () => this.draw(PRINTED_ROWS));
    window.addEventListener('afterprint', () => this.draw());
    this.refine();
    requestAnimationFrame(() => this.draw());
  }

  turn() {
    const on = this.box.classList.toggle('times');
    this.wrap.setAttribute('aria-pressed', String(on));
  }

  refine() {
    const wanted = this.filter.value.toLowerCase();
    this.lines = wanted ? this.all.filter((line) => line.text.toLowerCase().includes(wanted)) : this.all;
    this.status.textContent = (wanted ? format(this.lines.length) + ' of ' : '') + plural(this.log.lines.length, 'line');
    this.box.scrollTop = 0;
    this.draw();
  }

  draw(printed) {
    const height = this.box.clientHeight || 400;
    let first = Math.max(0, Math.floor(this.box.scrollTop / LINE_HEIGHT) - ROWS_BEYOND);
    let last = Math.min(this.lines.length, Math.ceil((this.box.scrollTop + height) / LINE_HEIGHT) + ROWS_BEYOND);
    if (printed) [first, last] = [0, Math.min(printed, this.lines.length)];
    const lines = this.lines.slice(first, last).map((line) => el('div', {class: 'l-' + line.kind},
        el('span', {class: 'at'}, line.at === null ? '' : (line.at / 1000).toFixed(3)), this.content(line)));
    const padding = (rows) => el('div', {class: 'room', vars: {height: (printed ? 0 : rows * LINE_HEIGHT) + 'px'}});
    const left = printed && this.lines.length > last &&
        el('div', {class: 'l-cut'}, plural(this.lines.length - last, 'more line') + ' in the page on the screen');
    this.view.replaceChildren(...[padding(first), ...lines, padding(this.lines.length - last), left].filter(Boolean));
  }

  content(line) {
    if (line.kind !== 'map') return line.text || '\u00a0';
    return el('a', {href: '#' + mapId(line.text)}, 'print(' + line.text + ')');
  }
}
