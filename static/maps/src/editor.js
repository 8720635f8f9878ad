import L from "leaflet";
import "@geoman-io/leaflet-geoman-free";

const EARTH_RADIUS_M = 6_371_008.8;
const RADIANS = Math.PI / 180;
const PLACES_AFTER_POINT = 6; // a tenth of a metre
const EDITING = { allowSelfIntersection: false, snappable: false, preventMarkerRemoval: false };

/** One fence under the hand: a circle that is dragged and resized, or an area with corners. */
export class FenceEditor {
  constructor(leaflet, { fence, onChange }) {
    this.leaflet = leaflet;
    this.onChange = onChange ?? (() => {});
    leaflet.pm.setGlobalOptions({ ...EDITING, limitMarkersToCount: 300 });
    leaflet.on("pm:create", ({ layer }) => this.drawn(layer));
    this.set(fence);
  }

  fence() {
    return this.current;
  }

  set(fence) {
    this.current = { area: null, ...fence };
    this.cancel();
    this.replace(this.current.area ? areaLayer(this.current.area) : circleLayer(this.current));
  }

  /** Starts an area: click its corners, and the first one again. What was there stays until then. */
  draw() {
    this.leaflet.pm.enableDraw("Polygon", { ...EDITING, pathOptions: { className: "map-edited" } });
  }

  cancel() {
    this.leaflet.pm.disableDraw();
  }

  /** Gives up the area for a circle as large. */
  toCircle() {
    this.set({ ...this.current, area: null });
    this.onChange(this.current);
  }

  drawn(layer) {
    layer.remove();
    this.replace(areaLayer(layer.toGeoJSON().geometry));
    this.changed();
  }

  replace(layer) {
    this.layer?.pm.disable();
    this.layer?.remove();
    this.layer = layer.addTo(this.leaflet);
    layer.pm.enable(EDITING);
    layer.on("pm:change pm:edit pm:markerdragend pm:vertexremoved pm:cut", () => this.changed());
  }

  changed() {
    this.current = this.layer instanceof L.Circle ? circleOf(this.layer) : areaOf(this.layer);
    this.onChange(this.current);
  }
}

function circleLayer({ latitude, longitude, radius_m }) {
  return L.circle([latitude, longitude], { radius: radius_m, className: "map-edited" });
}

function areaLayer(area) {
  const rings = (polygon) => L.GeoJSON.coordsToLatLngs(polygon, 1).map(open);
  const shape = area.type === "MultiPolygon"
    ? area.coordinates.map(rings)
    : rings(area.coordinates);
  return L.polygon(shape, { className: "map-edited" });
}

function open(ring) {
  const closed = ring.length > 1 && ring[0].equals(ring[ring.length - 1], 0);
  return closed ? ring.slice(0, -1) : ring;
}

function circleOf(layer) {
  const at = layer.getLatLng().wrap();
  return {
    latitude: rounded(at.lat), longitude: rounded(at.lng),
    radius_m: Math.round(layer.getRadius()), area: null,
  };
}

function areaOf(layer) {
  const area = layer.toGeoJSON(PLACES_AFTER_POINT).geometry;
  const outer = area.type === "MultiPolygon"
    ? area.coordinates.map(([ring]) => ring)
    : [area.coordinates[0]];
  return { ...middleOf(outer), area };
}

/** The centre of rings on a plane, and the radius of a circle as large; exact enough for a label. */
function middleOf(rings) {
  const [[[west, south]]] = rings;
  const scale = Math.cos(south * RADIANS);
  let [twice, x, y] = [0, 0, 0];
  for (const ring of rings) {
    for (let i = 0; i + 1 < ring.length; i += 1) {
      const [[ax, ay], [bx, by]] = [ring[i], ring[i + 1]].map(([longitude, latitude]) =>
        [(longitude - west) * scale, latitude - south]);
      const cross = ax * by - bx * ay;
      twice += cross;
      x += (ax + bx) * cross;
      y += (ay + by) * cross;
    }
  }
  const size = Math.abs(twice / 2) * (RADIANS * EARTH_RADIUS_M) ** 2;
  return {
    latitude: rounded(south + (twice ? y / (3 * twice) : 0)),
    longitude: rounded(west + (twice ? x / (3 * twice * scale) : 0)),
    radius_m: Math.round(Math.sqrt(size / Math.PI)),
  };
}

function rounded(degrees) {
  return Number(degrees.toFixed(PLACES_AFTER_POINT));
}
