import L from "leaflet";
import "leaflet.markercluster";

const MOST_FENCES = 400;
const SMALLEST_PIXELS = 4;
const METRES_A_DEGREE = 111_320;

/** The places of a map: a dot for each, and the fences that are large enough on the screen. */
export class Places {
  constructor(leaflet, { clustered, onPick }) {
    this.leaflet = leaflet;
    this.onPick = onPick;
    this.places = new Map();
    this.dots = new Map();
    this.fences = new Map();
    this.fenceLayer = L.layerGroup([], { pmIgnore: true }).addTo(leaflet);
    this.dotLayer = (clustered ? clusters() : L.layerGroup()).addTo(leaflet);
    leaflet.on("moveend", () => this.drawFences());
  }

  list() {
    return [...this.places.values()];
  }

  set(list) {
    this.dotLayer.clearLayers();
    this.forgetFences();
    this.places = new Map(list.map((place) => [place.id, place]));
    this.dots = new Map(list.map((place) => [place.id, this.dotOf(place)]));
    const dots = [...this.dots.values()];
    if (this.dotLayer.addLayers) this.dotLayer.addLayers(dots);
    else dots.forEach((dot) => this.dotLayer.addLayer(dot));
    this.drawFences();
  }

  mark(id, state) {
    const place = this.places.get(id);
    if (!place || place.state === state) return;
    place.state = state;
    this.dots.get(id).setIcon(dotIcon(state));
    this.fences.get(id)?.remove();
    this.fences.delete(id);
    this.drawFences();
  }

  dotOf(place) {
    const dot = L.marker([place.latitude, place.longitude], {
      icon: dotIcon(place.state), pmIgnore: true, alt: place.name, keyboard: Boolean(this.onPick),
      interactive: true,
    });
    dot.bindTooltip(textNode(place.name), { direction: "top", offset: [0, -8] });
    if (this.onPick) dot.on("click", () => this.onPick(place));
    return dot;
  }

  drawFences() {
    const bounds = this.leaflet.getBounds().pad(0.5);
    const seen = this.list().filter((place) => this.isLarge(place) && bounds.intersects(boxOf(place)));
    const wanted = new Set(seen.slice(0, MOST_FENCES).map((place) => place.id));
    for (const [id, fence] of this.fences) {
      if (wanted.has(id)) continue;
      fence.remove();
      this.fences.delete(id);
    }
    for (const id of wanted) {
      if (this.fences.has(id)) continue;
      this.fences.set(id, this.fenceOf(this.places.get(id)).addTo(this.fenceLayer));
    }
  }

  forgetFences() {
    this.fenceLayer.clearLayers();
    this.fences.clear();
  }

  isLarge(place) {
    const metresAPixel =
      (40_075_017 * Math.cos((place.latitude * Math.PI) / 180)) / (256 * 2 ** this.leaflet.getZoom());
    return place.radius_m / metresAPixel >= SMALLEST_PIXELS;
  }

  fenceOf(place) {
    const style = {
      className: `map-fence ${place.state ?? ""}`, pmIgnore: true, interactive: false,
    };
    return place.area
      ? L.geoJSON(place.area, { ...style, style: () => style })
      : L.circle([place.latitude, place.longitude], { ...style, radius: place.radius_m });
  }
}

function boxOf(place) {
  if (place.area) return L.geoJSON(place.area).getBounds();
  const up = place.radius_m / METRES_A_DEGREE;
  const across = up / Math.max(0.01, Math.cos((place.latitude * Math.PI) / 180));
  return L.latLngBounds(
    [place.latitude - up, place.longitude - across],
    [place.latitude + up, place.longitude + across],
  );
}

function clusters() {
  return L.markerClusterGroup({
    maxClusterRadius: 48, showCoverageOnHover: false, disableClusteringAtZoom: 16, pmIgnore: true,
    spiderfyOnMaxZoom: false, chunkedLoading: true, animate: false,
    iconCreateFunction: (cluster) =>
      L.divIcon({
        className: "map-cluster", iconSize: [34, 34], html: textNode(cluster.getChildCount()),
      }),
  });
}

function dotIcon(state = "") {
  return L.divIcon({ className: `map-dot ${state}`, iconSize: [14, 14] });
}

/** Names are other people's text: never HTML. */
export function textNode(text) {
  const span = document.createElement("span");
  span.textContent = text;
  return span;
}
