// The stores on the map, drawn by the bundle in maps/dist.

export const NAMED = ['damrak-12', 'closed-store']; // they have buttons, and always bear their names

export function drawStores(box, demo) {
  const map = window.MomentsMap.create(box, {
    label: 'Map of the stores',
    tileUrl: demo.tileUrl,
    attribution: demo.attribution,
    places: demo.stores.map((store) => ({
      ...store, id: store.external_id, state: store.is_open ? '' : 'closed',
    })),
  });
  const { leaflet } = map;
  leaflet.scrollWheelZoom.disable(); // the page scrolls
  if (matchMedia('(pointer: coarse)').matches) leaflet.dragging.disable();
  leaflet.eachLayer((layer) => nameAlways(layer, demo));
  return map;
}

function nameAlways(layer, demo) {
  const store = demo.stores.find((one) => one.name === layer.options.alt);
  if (!store || !NAMED.includes(store.external_id)) return;
  const text = layer.getTooltip().getContent();
  layer.unbindTooltip().bindTooltip(text, { permanent: true, direction: 'top', offset: [0, -8] });
}
