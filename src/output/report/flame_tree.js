// The calls of all stacks as one tree.

// Nodes: {name, kind, module, isInlined, lines, value, self, children}; `lines`: values by "file:line", where it is known. Keys that are no stacks stand below the stacks; a user stack stands
// below the kernel's, which it has called. `skipped` counts entries that have no width: their value is not above zero.
function flameTree(map, rows) {
  const root = {name: 'all', kind: 'root', module: '', isInlined: false, lines: new Map(), value: 0, self: 0, children: new Map(), parent: null};
  const order = map.keys.map((column, i) => ({column, i}))
      .sort((a, b) => rank(a.column) - rank(b.column) || a.i - b.i);
  let skipped = 0;
  for (const row of rows) {
    const value = weight(map, row);
    if (!(value > 0)) {
      skipped++;
      continue;
    }
    let node = root;
    root.value += value;
    for (const {column, i} of order) {
      if (!isStack(column)) {
        node = descend(node, cellText(row[i], column), 'key', '', value);
        continue;
      }
      for (let frame = row[i].length - 1; frame >= 0; frame--) {
        const [name, module, line, isInlined] = data.frames[row[i][frame]];
        node = descend(node, visible(name), column.kind, module, value, isInlined);
        if (line) node.lines.set(visible(line), (node.lines.get(visible(line)) || 0) + value);
      }
    }
    node.self += value;
  }
  return {root, skipped};
}

const rank = (column) => ({text: 0, number: 0, user: 1, kernel: 2})[column.kind] ?? 0;

function descend(node, name, kind, module, value, isInlined = false) {
  const id = kind + '\n' + name + (isInlined ? '\ninlined' : '');
  let child = node.children.get(id);
  if (!child) {
    child = {name, kind, module, isInlined, lines: new Map(), value: 0, self: 0, children: new Map(), parent: node};
    node.children.set(id, child);
  }
  child.value += value;
  return child;
}

// Where in its source a node was, what weighs most first; of many lines a few.
function linesText(node) {
  const lines = [...node.lines].sort((a, b) => b[1] - a[1]).map(([line]) => line);
  const left = lines.length - 3;
  return lines.slice(0, 3).join(', ') + (left > 0 ? ' and ' + plural(left, 'more line') : '');
}

// By name, so that the same code stands at the same place in two pictures.
const childrenOf = (node) => node.sorted ??= [...node.children.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

// What the matching frames are of all; a match inside a match counts once.
function matched(node, matches) {
  if (node.kind !== 'root' && matches(node)) return node.value;
  let total = 0;
  for (const child of node.children.values()) total += matched(child, matches);
  return total;
}

// Whether any frame is one that the compiler put into its caller.
const hasInlined = (node) => node.isInlined || [...node.children.values()].some(hasInlined);

// One of a few shades, the same for the same name.
function shade(name) {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = (hash * 31 + name.charCodeAt(i)) >>> 0;
  return hash % 5;
}
