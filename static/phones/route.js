// Where a walk leads: points in degrees, distances in metres.

const EARTH_M = 6371008.8;
const INSIDE_M = 2; // the first position in a store is this far within its fence
const MIDDLE_M = 10; // and the last this far from its middle

const radians = (degrees) => (degrees * Math.PI) / 180;

export function distance(a, b) {
  const up = Math.sin(radians(b.latitude - a.latitude) / 2);
  const across = Math.sin(radians(b.longitude - a.longitude) / 2);
  const flat = Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude));
  return 2 * EARTH_M * Math.asin(Math.sqrt(up * up + flat * across * across));
}

// The point so far from `from` on the way to `to`; straight enough within a town.
export function toward(from, to, metres) {
  const part = metres / (distance(from, to) || 1);
  return {
    latitude: from.latitude + (to.latitude - from.latitude) * part,
    longitude: from.longitude + (to.longitude - from.longitude) * part,
  };
}

export function straight(from, to, step) {
  return stops(distance(from, to), 0, step).map((left) => toward(to, from, left));
}

// Into a store, with a position just inside its fence.
export function into(store, from, step) {
  const away = distance(from, store);
  const edge = store.radius_m - INSIDE_M;
  const outside = away > edge ? stops(away, edge, step) : [];
  const inside = stops(Math.min(away, edge), MIDDLE_M, step);
  return [...outside, ...inside].map((left) => toward(store, from, left));
}

// From one distance down to another, in even steps.
function stops(from, to, step) {
  const count = Math.max(1, Math.ceil((from - to) / step));
  return Array.from({ length: count }, (_, index) => from - ((from - to) * (index + 1)) / count);
}

// Takes a step along a drawn line, and from the line what was walked.
export function along(line, from, step) {
  let at = from;
  let left = step;
  while (line.length) {
    const ahead = distance(at, line[0]);
    if (ahead > left) return toward(at, line[0], left);
    left -= ahead;
    at = line.shift();
  }
  return at;
}
