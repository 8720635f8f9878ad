// The map of places, and the page of one: its fields and its map stay in step.

const $ = (id) => document.getElementById(id);
const holder = $("pl-map");
const DEFAULT_RADIUS_M = 150;
const PRECISE_M = 150;
let waiting = 0;

function drawMap() {
  const map = MomentsMap.create(holder, {
    label: "Map of places", clustered: true, theme: "admin", tileUrl: holder.dataset.tiles,
    attribution: holder.dataset.attribution, onView: (view) => showAround(map, view),
    onPick: (place) => { if (!$("place-form")) location.href = place.url; },
  });
  const { south, west, north, east } = holder.dataset;
  if (south) map.fit([{ latitude: +south, longitude: +west }, { latitude: +north, longitude: +east }]);
  return map;
}

async function showAround(map, { south, west, north, east }) {
  const turn = ++waiting;
  const query = new URLSearchParams({ south: Math.max(-90, south), west, north: Math.min(90, north), east });
  const answer = await fetch(`${holder.dataset.around}?${query}`);
  if (!answer.ok || turn !== waiting) return;
  const { places } = await answer.json();
  map.setPlaces(places.filter((place) => String(place.id) !== holder.dataset.own));
  if ($("pl-count")) $("pl-count").textContent = `${places.length} in view`;
}

// --- the page of one place ---
function number(id) {
  const text = $(id).value.trim().replace(/^([^.,]*),([^.,]*)$/, "$1.$2");
  return text === "" ? NaN : Number(text);
}

function typedFence() {
  let area = null;
  try { area = JSON.parse($("id_area").value); } catch { /* none was drawn */ }
  return {
    latitude: number("id_latitude"), longitude: number("id_longitude"),
    radius_m: number("id_radius_m"), area,
  };
}

function isOnEarth({ latitude, longitude }) {
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
}

function fill(fence) {
  $("id_latitude").value = fence.latitude;
  $("id_longitude").value = fence.longitude;
  $("id_radius_m").value = fence.radius_m;
  $("id_area").value = fence.area ? JSON.stringify(fence.area) : "";
  showKind(fence);
}

function showKind({ area, radius_m }) {
  for (const id of ["id_latitude", "id_longitude", "id_radius_m"]) $(id).readOnly = Boolean(area);
  $("pl-circle").hidden = !area;
  $("pl-small").hidden = !(radius_m < PRECISE_M);
}

function editPlace(map) {
  let editor = null;
  const start = (fence) => {
    if (editor) editor.set(fence);
    else editor = map.edit({ fence, onChange: (changed) => { stopDrawing(); fill(changed); } });
  };
  const stopDrawing = () => { $("pl-cancel").hidden = true; $("pl-draw").hidden = false; };
  const put = (fence) => { fill(fence); start(fence); };
  const first = typedFence();
  if (isOnEarth(first)) {
    map.show({ ...first, zoom: first.radius_m > 2000 ? 11 : 15 });
    start({ ...first, radius_m: first.radius_m || DEFAULT_RADIUS_M });
  } else {
    $("pl-hint").textContent = "Click where the place is. Other places are drawn too.";
  }
  map.leaflet.on("click", ({ latlng }) => {
    if (editor) return;
    const at = latlng.wrap();
    put({
      latitude: Number(at.lat.toFixed(6)), longitude: Number(at.lng.toFixed(6)),
      radius_m: number("id_radius_m") || DEFAULT_RADIUS_M, area: null,
    });
  });
  for (const id of ["id_latitude", "id_longitude", "id_radius_m"]) {
    $(id).addEventListener("input", () => {
      const fence = typedFence();
      showKind(fence);
      if (!isOnEarth(fence) || !(fence.radius_m > 0)) return;
      start(fence);
      if (id !== "id_radius_m") map.show({ ...fence, zoom: Math.max(12, map.leaflet.getZoom()) });
    });
  }
  $("pl-draw").addEventListener("click", () => {
    if (!editor) put({ ...centre(map), radius_m: DEFAULT_RADIUS_M, area: null });
    editor.draw();
    $("pl-draw").hidden = true;
    $("pl-cancel").hidden = false;
  });
  $("pl-cancel").addEventListener("click", () => { editor.cancel(); stopDrawing(); });
  $("pl-circle").addEventListener("click", () => editor.toCircle());
  $("pl-paste").addEventListener("input", () => {
    const at = pasted($("pl-paste").value);
    $("pl-pasted").textContent = at ? "Found." : "Write it as 52.3731, 4.8926: latitude first.";
    if (!at) return;
    put({ ...at, radius_m: number("id_radius_m") || DEFAULT_RADIUS_M, area: null });
    map.show({ ...at, zoom: 16 });
  });
  showKind(first);
}

function centre(map) {
  const at = map.leaflet.getCenter().wrap();
  return { latitude: Number(at.lat.toFixed(6)), longitude: Number(at.lng.toFixed(6)) };
}

/** "52.3731, 4.8926", "52,3731; 4,8926", "52.3731 N 4.8926 E", 52°22'23"N 4°53'33"E; null if none. */
function pasted(text) {
  const plain = text.trim().replace(/(\d),(\d+)(?=\s*[;\s]\s*-?\d+,\d)|(?<=[;\s]\s*-?\d+),(?=\d+\s*$)/g, (all, a, b) => (a ? `${a}.${b}` : "."));
  const part = String.raw`([-+]?\d+(?:\.\d+)?)\s*°?\s*(?:(\d+(?:\.\d+)?)\s*['′’]\s*)?(?:(\d+(?:\.\d+)?)\s*["″”]\s*)?([NSEWnsew])?`;
  const found = plain.match(new RegExp(`^[(\\[]?\\s*${part}\\s*[,;\\s]?\\s*${part}\\s*[)\\]]?$`));
  if (!found) return null;
  const degrees = (at) => {
    const [whole, minutes = 0, seconds = 0] = found.slice(at, at + 3).map((one) => one && Number(one));
    const size = Math.abs(whole) + minutes / 60 + seconds / 3600;
    const south = found[at].startsWith("-") || /[SWsw]/.test(found[at + 3] ?? "");
    return Number((south ? -size : size).toFixed(6));
  };
  const isTurned = /[EWew]/.test(found[4] ?? "") || /[NSns]/.test(found[8] ?? "");
  const [latitude, longitude] = isTurned ? [degrees(5), degrees(1)] : [degrees(1), degrees(5)];
  return isOnEarth({ latitude, longitude }) ? { latitude, longitude } : null;
}

// --- opening hours and rows that grow ---
function setUpRows() {
  const form = $("place-form");
  const choose = () => {
    $("pl-hours").hidden = form.querySelector('[name="hours"]:checked')?.value !== "these";
  };
  form.addEventListener("change", choose);
  choose();
  form.addEventListener("input", ({ target }) => {
    const line = target.closest(".pl-pair, .pl-line");
    if (!line) return;
    grow(line);
    const day = line.closest(".pl-day");
    if (day) note(day);
  });
  const copy = form.querySelector(".pl-copy");
  copy.hidden = false;
  copy.addEventListener("click", copyMonday);
}

/** The last row got something: another empty one follows it. */
function grow(line) {
  const next = line.nextElementSibling;
  const isLast = !next || next.className !== line.className;
  if (!isLast || ![...line.querySelectorAll("input")].some((one) => one.value)) return;
  const spare = line.cloneNode(true);
  for (const input of spare.querySelectorAll("input")) input.value = "";
  line.after(spare);
}

function note(day) {
  const minutes = (text) => {
    const found = text.match(/^(\d{1,2}):(\d{2})$/);
    return found ? found[1] * 60 + Number(found[2]) : NaN;
  };
  const late = [...day.querySelectorAll(".pl-pair")]
    .map((pair) => [...pair.querySelectorAll("input")].map((one) => one.value.trim()))
    .filter(([opens, closes]) => minutes(closes) <= minutes(opens));
  day.querySelector(".pl-note").textContent =
    late.length ? `Until ${late.at(-1)[1]} the next day.` : "";
}

function copyMonday() {
  const days = ["tue", "wed", "thu", "fri"].map((key) => document.querySelector(`[data-day="${key}"]`));
  const monday = document.querySelector('[data-day="mon"]');
  for (const day of days) {
    const pairs = monday.querySelector(".pl-pairs").cloneNode(true);
    for (const input of pairs.querySelectorAll("input")) {
      input.name = input.name.replace("mon", day.dataset.day);
      input.setAttribute("aria-label", input.getAttribute("aria-label")
        .replace("Monday", day.getAttribute("aria-label")));
    }
    day.querySelector(".pl-pairs").replaceWith(pairs);
    note(day);
  }
}

if (holder) {
  const map = drawMap();
  if ($("place-form")) {
    if (holder.dataset.edit) {
      $("pl-tools").hidden = $("pl-paste-box").hidden = false;
      editPlace(map);
    } else {
      delete holder.dataset.own;
      if (isOnEarth(typedFence())) map.show({ ...typedFence(), zoom: 15 });
    }
  }
}
if ($("place-form")) setUpRows();
