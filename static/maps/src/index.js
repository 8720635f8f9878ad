// The map: places as circles and areas, phones that can be dragged, one fence that can be edited.
// Needs map.js and map.css from dist/. Nothing is fetched but countries.json beside map.js, unless
// `tileUrl` is given.
//
//   const map = MomentsMap.create(element, {
//     label: "Places near Damrak",    what a screen reader calls it
//     places: [],                     see setPlaces
//     clustered: false,               join places that lie close together into a number
//     theme: "auto",                  "auto" follows the device, "admin" the .dark class of <html>
//     tileUrl: "", attribution: "",   e.g. "https://tile.example/{z}/{x}/{y}.png"; text or HTML
//     onPick(place) {},               a place was clicked
//     onView({south, west, north, east, latitude, longitude, zoom}) {},   after each move
//   });
//
//   map.setPlaces(places)             replaces them. A place is {id, name, latitude, longitude,
//                                     radius_m, area: GeoJSON Polygon or MultiPolygon or null,
//                                     state: "" | "near" | "inside" | "closed"}
//   map.mark(id, state)               shows a place in another state
//   map.show({latitude, longitude, zoom: 16})
//   map.fit([{latitude, longitude}])  shows these points; without them, all places
//   map.resize()                      after its element was hidden, or changed its size
//   map.remove()
//   map.leaflet                       the Leaflet map, for what is not here
//
//   const phone = map.addPhone({
//     latitude, longitude, accuracy_m: 20, label: "Anna", tone: 0,      tone 0 to 5 is its colour
//     onMove({latitude, longitude}) {},     while it is dragged
//     onMoved({latitude, longitude}) {},    when it is let go, or after an arrow key
//   });
//   phone.moveTo({latitude, longitude}); phone.setAccuracy(metres); phone.setLabel(text);
//   phone.position(); phone.remove()
//   The phone takes the keyboard: an arrow key moves it by 25 pixels, with Shift by 5.
//
//   const editor = map.edit({
//     fence: {latitude, longitude, radius_m, area},
//     onChange(fence) {},                   the same shape, while and after it is changed
//   });
//   editor.set(fence); editor.draw(); editor.cancel(); editor.toCircle(); editor.fence()

import "leaflet/dist/leaflet.css";
import "leaflet.markercluster/dist/MarkerCluster.css";
import "@geoman-io/leaflet-geoman-free/dist/leaflet-geoman.css";
import "./map.css";

import L from "leaflet";
import { addBackground } from "./background.js";
import { FenceEditor } from "./editor.js";
import { addPhone } from "./phone.js";
import { Places } from "./places.js";

const CLOSEST = 19;
const DEFAULTS = { label: "Map", places: [], clustered: false, theme: "auto" };

function viewOf(leaflet) {
  const bounds = leaflet.getBounds();
  const centre = leaflet.getCenter().wrap();
  return {
    south: bounds.getSouth(), west: bounds.getWest(), north: bounds.getNorth(),
    east: bounds.getEast(), latitude: centre.lat, longitude: centre.lng, zoom: leaflet.getZoom(),
  };
}

function create(element, given = {}) {
  const options = { ...DEFAULTS, ...given };
  element.classList.add("moments-map");
  element.dataset.theme = options.theme;
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", options.label);
  const leaflet = L.map(element, {
    maxZoom: CLOSEST, minZoom: 1, worldCopyJump: true, attributionControl: Boolean(options.tileUrl),
    zoomSnap: 0.5, maxBounds: [[-89, -540], [89, 540]], maxBoundsViscosity: 1,
  }).setView([20, 0], 2);
  leaflet.attributionControl?.setPrefix("");
  L.control.scale({ imperial: false }).addTo(leaflet);
  addBackground(leaflet, options);
  const places = new Places(leaflet, options);
  places.set(options.places);
  if (options.onView) leaflet.on("moveend", () => options.onView(viewOf(leaflet)));
  return {
    leaflet,
    setPlaces: (list) => places.set(list),
    mark: (id, state) => places.mark(id, state),
    show: ({ latitude, longitude, zoom = 16 }) =>
      leaflet.setView([latitude, longitude], zoom, { animate: false }),
    fit: (points) => fit(leaflet, points ?? places.list()),
    resize: () => leaflet.invalidateSize(),
    remove: () => leaflet.remove(),
    addPhone: (phone) => addPhone(leaflet, phone),
    edit: (fence) => new FenceEditor(leaflet, fence),
  };
}

function fit(leaflet, points) {
  if (!points.length) return;
  const bounds = L.latLngBounds(points.map((each) => [each.latitude, each.longitude]));
  leaflet.fitBounds(bounds, { padding: [36, 36], maxZoom: 16, animate: false });
}

window.MomentsMap = { create };
