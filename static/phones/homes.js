// Where the phones of the map begin, and where they were left: for this tab alone, until it closes.

// South-west of the two stores in Amsterdam, and near neither.
export const HOMES = {
  anna: { latitude: 52.3706, longitude: 4.8912 },
  bram: { latitude: 52.3697, longitude: 4.8935 },
  guest: { latitude: 52.3718, longitude: 4.889 },
};
const HOME = { latitude: 52.3694, longitude: 4.8905 };

export function homeOf(key) {
  return HOMES[key] ?? HOME;
}

export function placeOf(key) {
  const [latitude, longitude] = (sessionStorage.getItem(nameOf(key)) ?? '').split(' ').map(Number);
  return latitude && longitude ? { latitude, longitude } : homeOf(key);
}

export function remember(key, { latitude, longitude }) {
  sessionStorage.setItem(nameOf(key), `${latitude} ${longitude}`);
}

export function forget(key) {
  sessionStorage.removeItem(nameOf(key));
}

function nameOf(key) {
  return `phones-map-${key}`;
}
