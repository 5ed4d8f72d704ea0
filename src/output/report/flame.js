// A flame graph that zooms and searches.

const FRAME_HEIGHT = 18;
const NARROWEST = 0.6;
const LETTER = 6.6;

class FlameGraph {
  constructor(map, rows) {
    this.map = map;
    const {root, skipped} = flameTree(map, rows);
    this.root = root;
    this.zoomed = root;
    this.focused = root;
    this.skipped = skipped;
    this.pattern = null;
    this.build();
  }

  build() {
    this.search = el('input', {
      type: 'search', placeholder: 'Search frames', spellcheck: 'false',
      'aria-label': 'Search the frames of ' + this.map.name + ' by text or regular expression', oninput: () => this.find(),
    });
    this.share = el('span', {class: 'status matched', role: 'status'});
    this.reset = el('button', {type: 'button', hidden: true, onclick: () => this.zoom(this.root)}, 'Reset zoom');
    this.flip = el('button', {type: 'button', 'aria-pressed': 'false', onclick: () => this.turn()}, 'Icicle');
    this.box = el('div', {class: 'flame'});
    this.reading = el('div', {class: 'reading', role: 'status'});
    const kinds = new Set(this.map.keys.map((column) => column.kind));
    const names = [['key', 'key'], ['user', 'user'], ['kernel', 'kernel']].filter(([kind]) =>
      kind === 'key' ? kinds.has('text') || kinds.has('number') : kinds.has(kind));
    this.element = el('figure', {class: 'flamegraph'},
        el('div', {class: 'bar'}, this.search, this.share, this.reset, this.flip,
           el('span', {class: 'kinds'}, names.map(([kind, name]) => el('span', {class: 'f-' + kind}, name)),
              hasInlined(this.root) && el('span', {class: 'k-inlined'}, 'inlined'))),
        this.box, this.reading,
        this.skipped > 0 && el('p', {class: 'note'}, plural(this.skipped, 'stack') + ' without a positive value have no width here.'));
    drawByWidth(this.box, (width) => this.draw(width));
  }

  turn() {
    this.icicle = !this.icicle;
    this.flip.setAttribute('aria-pressed', String(Boolean(this.icicle)));
    this.draw(this.width);
  }

  matches(node) {
    return this.pattern !== null && (this.pattern.test(node.name) || [...node.lines.keys()].some((line) => this.pattern.test(line)));
  }

  // Plain text unless it is a valid regular expression.
  find() {
    const text = this.search.value;
    try {
      this.pattern = text ? new RegExp(text, 'i') : null;
    } catch {
      this.pattern = new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i');
    }
    this.share.textContent = this.pattern ?
        'matched ' + percent(matched(this.root, (node) => this.matches(node)), this.root.value) : '';
    this.draw(this.width);
  }

  zoom(node) {
    this.zoomed = node;
    this.focused = node;
    this.reset.hidden = node === this.root;
    this.draw(this.width);
    this.describe(node);
  }

  // The frames in sight: those below the zoomed one in full width, the others as wide as their values.
  layout(width) {
    const frames = [];
    for (let node = this.zoomed.parent; node; node = node.parent) frames.unshift({node, x: 0, width, faded: true});
    let deepest = frames.length;
    const place = (node, x, room, depth) => {
      frames.push({node, x, width: room, depth});
      deepest = Math.max(deepest, depth);
      for (const child of childrenOf(node)) {
        const wide = room * child.value / node.value;
        if (wide >= NARROWEST) place(child, x, wide, depth + 1);
        x += wide;
      }
    };
    frames.forEach((frame, i) => frame.depth = i);
    place(this.zoomed, 0, width, frames.length);
    return {frames, deepest};
  }

  draw(width) {
    if (!width) return;
    this.width = width;
    const {frames, deepest} = this.layout(width);
    this.depth = deepest + 1;
    const height = this.depth * FRAME_HEIGHT;
    const picture = svg('svg', {
      width, height, role: 'tree', 'aria-label': 'Flame graph of ' + this.map.name + '; arrow keys move, Enter zooms, Escape resets',
      onkeydown: (event) => this.onKey(event),
    });
    this.drawn = new Map();
    for (const frame of frames) {
      const top = this.icicle ? frame.depth * FRAME_HEIGHT : height - (frame.depth + 1) * FRAME_HEIGHT;
      const group = this.frame(frame, top);
      this.drawn.set(frame.node, group);
      picture.append(group);
    }
    this.box.replaceChildren(picture);
    this.setStop();
    if (!this.reading.textContent) this.describe(this.root);
  }

  frame({node, x, width, depth, faded}, top) {
    const letters = Math.floor((width - 6) / LETTER);
    const text = letters < 3 ? '' : node.name.length > letters ? node.name.slice(0, letters - 1) + '\u2026' : node.name;
    const name = 'f-' + node.kind + ' h' + shade(node.name) + (faded ? ' faded' : '') + (node.isInlined ? ' inlined' : '') + (this.matches(node) ? ' match' : '');
    return svg('g', {
      class: name, role: 'treeitem', tabindex: '-1', 'aria-level': depth + 1, 'aria-label': this.sentence(node),
      onclick: () => this.zoom(node), onmouseenter: () => this.describe(node),
      onfocus: () => {
        this.focused = node;
        this.describe(node);
      },
    }, svg('rect', {x: x.toFixed(2), y: top, width: Math.max(0.5, width - 0.6).toFixed(2), height: FRAME_HEIGHT - 1, rx: width > 4 ? 2 : 0}),
        node.lines.size > 0 && svg('title', {}, this.sentence(node)), text && svg('text', {x: (x + 4).toFixed(2), y: top + 13}, text));
  }

  sentence(node) {
    const self = node.self > 0 && node.self !== node.value ? ', itself ' + percent(node.self, this.root.value) : '';
    return node.name + ': ' + format(node.value) + ' (' + percent(node.value, this.root.value) + self + ')' +
        (node.isInlined ? ', inlined' : '') + (node.lines.size ? ', ' + linesText(node) : '');
  }

  describe(node) {
    const parts = [el('b', {}, node.name), format(node.value) + ' of ' + format(this.root.value), percent(node.value, this.root.value)];
    if (node.self > 0 && node.self !== node.value) parts.push('itself ' + percent(node.self, this.root.value));
    if (this.zoomed !== this.root && node !== this.zoomed) parts.push(percent(node.value, this.zoomed.value) + ' of the zoomed');
    if (node.isInlined) parts.push('inlined');
    if (node.lines.size) parts.push(linesText(node));
    if (node.module) parts.push(node.module);
    this.reading.replaceChildren(...parts.map((part) => el('span', {}, part)));
  }

  // One frame alone is reached by Tab.
  setStop() {
    if (!this.drawn.has(this.focused)) this.focused = this.zoomed;
    for (const [node, group] of this.drawn) group.setAttribute('tabindex', node === this.focused ? '0' : '-1');
  }

  onKey(event) {
    const node = this.focused;
    const siblings = node.parent ? childrenOf(node.parent).filter((other) => this.drawn.has(other)) : [node];
    const beside = (step) => siblings[siblings.indexOf(node) + step];
    const deeper = () => childrenOf(node).filter((child) => this.drawn.has(child)).sort((a, b) => b.value - a.value)[0];
    const [up, down] = this.icicle ? [() => node.parent, deeper] : [deeper, () => node.parent];
    const moves = {ArrowUp: up, ArrowDown: down, ArrowLeft: () => beside(-1), ArrowRight: () => beside(1)};
    if (event.key in moves) {
      const next = moves[event.key]();
      if (next && this.drawn.has(next)) this.focus(next);
    } else if (event.key === 'Enter' || event.key === ' ') {
      this.zoom(node);
      this.focus(node);
    } else if (event.key === 'Escape') {
      this.zoom(this.root);
      this.focus(this.root);
    } else {
      return;
    }
    event.preventDefault();
  }

  focus(node) {
    this.focused = node;
    this.setStop();
    this.drawn.get(node).focus();
  }
}
