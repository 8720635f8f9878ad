import L from "leaflet";
import { textNode } from "./places.js";

const STEP_PIXELS = 25;
const FINE_STEP_PIXELS = 5;
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** A phone on the map: a knob to drag, and a ring as wide as its position is uncertain. */
export function addPhone(leaflet, given) {
  const { latitude, longitude, accuracy_m = 20, label = "", tone = 0, onMove, onMoved } = given;
  const ring = L.circle([latitude, longitude], {
    radius: accuracy_m, className: `map-accuracy tone-${tone}`, interactive: false, pmIgnore: true,
  }).addTo(leaflet);
  const knob = L.marker([latitude, longitude], {
    icon: L.divIcon({ className: `map-phone tone-${tone}`, iconSize: [26, 26] }),
    draggable: true, autoPan: true, zIndexOffset: 1000, alt: label || "Phone", pmIgnore: true,
  }).addTo(leaflet);
  const name = textNode(label);
  if (label) knob.bindTooltip(name, { permanent: true, direction: "bottom", offset: [0, 12] });
  const position = () => {
    const at = knob.getLatLng().wrap();
    return { latitude: at.lat, longitude: at.lng };
  };
  const place = (at) => {
    knob.setLatLng(at);
    ring.setLatLng(at);
  };
  knob.on("drag", () => {
    ring.setLatLng(knob.getLatLng());
    onMove?.(position());
  });
  knob.on("dragend", () => onMoved?.(position()));
  L.DomEvent.on(knob.getElement(), "keydown", (event) => {
    const direction = ARROWS[event.key];
    if (!direction) return;
    L.DomEvent.stop(event);
    const step = event.shiftKey ? FINE_STEP_PIXELS : STEP_PIXELS;
    const from = leaflet.latLngToContainerPoint(knob.getLatLng());
    place(leaflet.containerPointToLatLng(from.add(L.point(direction).multiplyBy(step))));
    onMoved?.(position());
  });
  return {
    position,
    moveTo: (at) => place([at.latitude, at.longitude]),
    setAccuracy: (metres) => ring.setRadius(metres),
    setLabel: (text) => { name.textContent = text; },
    remove: () => { knob.remove(); ring.remove(); },
  };
}
