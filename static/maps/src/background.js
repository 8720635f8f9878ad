import L from "leaflet";
import { feature, mesh } from "topojson-client";

const COUNTRIES = new URL("countries.json", document.currentScript.src);
// Degrees between two lines of the grid, coarse to fine.
const STEPS = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0005];
const LINES_ACROSS = 4;

/** Tiles where the workspace's server has them, else coasts, borders and a grid of degrees. */
export function addBackground(leaflet, { tileUrl, attribution }) {
  if (tileUrl) {
    L.tileLayer(tileUrl, { attribution, maxZoom: 19 }).addTo(leaflet);
    return;
  }
  const pane = leaflet.createPane("background");
  pane.style.zIndex = 200;
  pane.style.pointerEvents = "none";
  addGrid(leaflet);
  fetch(COUNTRIES)
    .then((answer) => answer.json())
    .then((world) => addCountries(leaflet, world))
    .catch(() => {}); // places can be seen and drawn without coasts
}

function addCountries(leaflet, world) {
  const layer = (data, className) =>
    L.geoJSON(data, {
      pane: "background", interactive: false, pmIgnore: true, style: { className, smoothFactor: 1.5 },
    }).addTo(leaflet).bringToBack();
  const borders = mesh(world, world.objects.countries, (a, b) => a !== b);
  const { features: [land] } = feature(world, world.objects.land);
  layer({ ...borders, coordinates: borders.coordinates.map(unbroken) }, "map-border");
  layer({ type: "MultiPolygon", coordinates: land.geometry.coordinates.flatMap(onBothSides) },
    "map-land");
}

/** A line that crosses the date line goes on beyond 180 degrees, not back around the earth. */
function unbroken(line) {
  let turns = 0;
  return line.map(([longitude, latitude], index) => {
    const step = index ? longitude - line[index - 1][0] : 0;
    if (Math.abs(step) > 180) turns -= Math.sign(step);
    return [longitude + 360 * turns, latitude];
  });
}

/** A polygon, and again on the other side of the map where it crosses the date line. */
function onBothSides(polygon) {
  const rings = polygon.map(unbroken).map(closedAtThePole);
  const longitudes = rings[0].map(([longitude]) => longitude);
  const shifts = [0];
  if (Math.max(...longitudes) > 180) shifts.push(-360);
  if (Math.min(...longitudes) < -180) shifts.push(360);
  return shifts.map((shift) =>
    rings.map((ring) => ring.map(([longitude, latitude]) => [longitude + shift, latitude])));
}

/** Antarctica's coast goes once around the earth. */
function closedAtThePole(ring) {
  const [first, last] = [ring[0][0], ring.at(-1)[0]];
  return Math.abs(last - first) < 180 ? ring : [...ring, [last, -89], [first, -89], ring[0]];
}

function addGrid(leaflet) {
  const lines = L.layerGroup([], { pmIgnore: true }).addTo(leaflet);
  const draw = () => {
    lines.clearLayers();
    for (const line of gridOf(leaflet.getBounds())) {
      lines.addLayer(
        L.polyline(line, {
          pane: "background", className: "map-grid", interactive: false, pmIgnore: true,
        }),
      );
    }
  };
  leaflet.on("moveend", draw);
  draw();
}

function gridOf(bounds) {
  const width = bounds.getEast() - bounds.getWest();
  const step = STEPS.find((each) => width / each >= LINES_ACROSS) ?? STEPS.at(-1);
  const spaced = (from, to) => {
    const first = Math.ceil(from / step);
    return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) },
      (_, index) => (first + index) * step);
  };
  const [south, north] = [Math.max(-85, bounds.getSouth()), Math.min(85, bounds.getNorth())];
  const meridians = spaced(bounds.getWest(), bounds.getEast());
  const parallels = spaced(south, north);
  return [
    ...meridians.map((longitude) => [[south, longitude], [north, longitude]]),
    ...parallels.map((latitude) => [[latitude, bounds.getWest()], [latitude, bounds.getEast()]]),
  ];
}
