// The script with its probes, strings, comments and names told apart.

const TOKENS = new RegExp([
  /(?<comment>\/\/[^\n]*|\/\*[^]*?(?:\*\/|$))/,
  /(?<string>"(?:\\.|[^"\\\n])*"?)/,
  /(?<directive>^[ \t]*#[^\n]*)/,
  /(?<map>@\w*)/,
  /(?<variable>\$[\w#]+)/,
  /(?<number>\b(?:0x[\da-fA-F_]+|\d[\d_]*(?:e\d+|ns|us|ms|s|m|h|d)?)\b)/,
  /(?<word>[A-Za-z_]\w*)/,
  /(?<other>[^])/,
].map((part) => part.source).join('|'), 'gm');

// In front of a block: "kprobe:vfs_*", "uprobe:/bin/bash:readline", "BEGIN", with commas between them.
const PROBE = /(?:[A-Za-z_]\w*(?::[^\s,{]+)+|\b(?:BEGIN|END|begin|end)\b)/y;

const KEYWORDS = new Set(('if else while for unroll return break continue let macro fn import config struct union enum sizeof ' +
                          'offsetof typeof as in').split(' '));

// [[class, text], ...]
function tokens(script) {
  const out = [];
  let depth = 0;
  let inPredicate = false;
  let position = 0;
  while (position < script.length) {
    if (depth === 0 && !inPredicate) {
      PROBE.lastIndex = position;
      const probe = PROBE.exec(script);
      if (probe) {
        out.push(['probe', probe[0]]);
        position = PROBE.lastIndex;
        continue;
      }
    }
    TOKENS.lastIndex = position;
    const found = TOKENS.exec(script);
    const text = found[0];
    position = TOKENS.lastIndex;
    let kind = Object.keys(found.groups).find((name) => found.groups[name] !== undefined);
    if (kind === 'word') {
      kind = KEYWORDS.has(text) ? 'keyword' : /^\s*\(/.test(script.slice(position, position + 8)) ? 'call' : '';
    } else if (kind === 'other') {
      kind = '';
      if (text === '{') depth++, inPredicate = false;
      if (text === '}') depth = Math.max(0, depth - 1);
      if (text === '/' && depth === 0) inPredicate = !inPredicate;
    }
    out.push([kind, text]);
  }
  return out;
}

function highlighted(script) {
  const code = el('code', {class: 'script'});
  let line = el('span', {class: 'line'});
  const endLine = () => {
    line.append('\n');
    code.append(line);
    line = el('span', {class: 'line'});
  };
  for (const [kind, text] of tokens(script.replace(/\n$/, ''))) {
    text.split('\n').forEach((part, i) => {
      if (i > 0) endLine();
      if (part) line.append(kind ? el('span', {class: 't-' + kind}, part) : part);
    });
  }
  endLine();
  return el('pre', {tabindex: '0', class: 'code', 'aria-label': 'Script'}, code);
}
