// Scales of charts.

// About `count` round numbers from `low` to `high`.
function ticks(low, high, count) {
  if (!(high > low)) return [low];
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5].find((n) => n * power >= raw) || 10);
  const out = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-6; i++) out.push(i * step);
  return out;
}

// Steps of time that people count in, milliseconds.
const TIME_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 10e3, 15e3, 30e3, 60e3, 120e3, 300e3, 600e3,
  900e3, 1800e3, 3600e3, 7200e3, 14400e3, 43200e3, 86400e3];

function timeTicks(low, high, count) {
  const raw = (high - low) / count;
  const step = TIME_STEPS.find((n) => n >= raw) || Math.ceil(raw / 86400e3) * 86400e3;
  const out = [];
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) out.push(at);
  return out.length ? out : [low];
}

// Milliseconds since the probes were attached, as [time, label].
const runAxis = {
  ticks: (low, high, count) => timeTicks(low, high, count).map((time) => [time, duration(time)]),
  label: duration,
};

const scale = (low, high, from, to) => {
  const factor = high > low ? (to - from) / (high - low) : 0;
  return (value) => from + (value - low) * factor;
};
