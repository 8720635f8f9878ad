// The first places of a file, on a map where it is built.
const element = document.getElementById("places-map");
const places = JSON.parse(document.getElementById("places-points").textContent);

if (window.MomentsMap && places.length) {
  element.hidden = false;
  const map = window.MomentsMap.create(element, {
    label: "The places of the file",
    places,
    theme: "admin",
    tileUrl: element.dataset.tiles,
    attribution: element.dataset.credit,
  });
  map.fit();
}
