// The map: phones that are dragged or sent past the stores, and what they are near and inside of.

import { Crossings } from './crossings.js';
import { HOMES, forget, homeOf, placeOf, remember } from './homes.js';
import { into, straight } from './route.js';
import { Stack } from './stack.js';
import { NAMED, drawStores } from './stores.js';
import { Walker } from './walker.js';

const PACES = { // steps in metres a position, under 300 km/h; speeds in metres a second, as told
  walk: { step: 25, speed: 1.4 },
  cycle: { step: 50, speed: 4.5 },
  drive: { step: 75, speed: 13.9 },
};
const SENT_STEP = 70; // a phone that is sent to a store is there in ten seconds
const TONES = { anna: 1, bram: 0, guest: 2 };
const NORTH = { latitude: 52.377, longitude: 4.8963 }; // the rim of Damrak 12
const INSIDE = 2; // levels of triggers.places: 0 near, 1 perhaps, 2 inside, 3 surely
const MOST_PHONES = 6;
const UNUSED = {
  inaccurate: 'it is uncertain by more than 500 m',
  too_fast: 'nobody goes faster than 300 km/h',
  out_of_order: 'it is older than the one before',
  mock: 'it is made up',
  no_consent: 'this person did not agree to it',
};

export class TownMap {
  // onTell(key, fix) and onOpen(key, push) of a phone.
  constructor(section, demo, { onTell, onOpen }) {
    this.section = section;
    this.stores = new Map(demo.stores.map((store) => [store.external_id, store]));
    this.onTell = onTell;
    this.phones = new Map(); // key -> {key, who, frame, knob, walker, here, unused, pushes}
    this.map = drawStores(section.querySelector('.town-map'), demo);
    this.stack = new Stack(section.querySelector('.stack'), {
      locale: 'en', onOpen: (push) => onOpen(this.chosen.key, push),
    });
    this.crossings = new Crossings(
      section.querySelector('.crossings'), section.querySelector('.crossings-empty'),
    );
    this.wire();
  }

  wire() {
    for (const button of this.section.querySelectorAll('[data-walk]')) {
      const store = this.stores.get(button.dataset.walk);
      button.hidden = !store;
      button.addEventListener('click', () => this.send(store));
    }
    this.find('away').addEventListener('click', () => this.sendHome());
    this.find('accuracy').addEventListener('change', () => this.setAccuracy());
    this.find('all').addEventListener('click', () => this.map.fit());
    this.find('back').addEventListener('click', () => this.showTown());
  }

  find(name) {
    return this.section.querySelector(`[data-town=${name}]`);
  }

  get pace() {
    return PACES[this.find('pace').value];
  }

  get accuracy() {
    return Number(this.find('accuracy').value);
  }

  // --- phones -------------------------------------------------------------------------------

  add(key, who, frame) {
    if (this.phones.has(key) || this.phones.size === MOST_PHONES) return;
    const at = placeOf(key);
    const phone = { key, who, frame, here: [], unused: '', pushes: [] };
    phone.walker = new Walker(at, { onTell: (to, speed) => this.tell(phone, to, speed) });
    phone.knob = this.map.addPhone({
      ...at,
      label: who,
      accuracy_m: this.accuracy,
      tone: TONES[key] ?? Math.min(5, this.phones.size),
      onMove: (to) => this.drag(phone, to),
      onMoved: (to) => this.drop(phone, to),
    });
    this.phones.set(key, phone);
    phone.button = this.drawChoice(phone);
    if (this.phones.size === 1) this.choose(phone);
  }

  drawChoice(phone) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'plain';
    button.textContent = phone.who;
    button.addEventListener('click', () => this.choose(phone));
    this.find('phones').append(button);
    return button;
  }

  choose(phone) {
    if (this.chosen === phone) return;
    this.chosen = phone;
    for (const one of this.phones.values()) {
      one.button.setAttribute('aria-pressed', String(one === phone));
    }
    this.stack.clear();
    phone.pushes.forEach((push) => this.stack.show(push, { quietly: true }));
    this.section.querySelector('.phone').className = `phone small ${phone.frame}`;
    this.find('title').textContent = `${phone.who}’s phone`;
    this.drawNow();
  }

  drag(phone, at) {
    this.choose(phone);
    phone.walker.draw(at, this.pace);
  }

  // It follows the line from where it last was.
  drop(phone, at) {
    this.drag(phone, at);
    phone.walker.letGo();
    phone.knob.moveTo(phone.walker.at);
  }

  send(store) {
    const { walker } = this.chosen;
    walker.go(into(store, walker.at, SENT_STEP), this.pace);
  }

  sendHome() {
    const { key, walker } = this.chosen;
    walker.go(straight(walker.at, homeOf(key), SENT_STEP), this.pace);
  }

  tell(phone, at, speed) {
    if (!phone.walker.held) phone.knob.moveTo(at);
    remember(phone.key, at);
    this.onTell(phone.key, {
      latitude: Number(at.latitude.toFixed(6)),
      longitude: Number(at.longitude.toFixed(6)),
      accuracy: this.accuracy,
      speed,
    });
  }

  setAccuracy() {
    for (const phone of this.phones.values()) phone.knob.setAccuracy(this.accuracy);
  }

  // --- what the server knows ----------------------------------------------------------------

  update({ places, timeline }) {
    for (const phone of this.phones.values()) {
      phone.here = places.here[phone.key] ?? [];
      phone.unused = places.unused[phone.key] ?? '';
    }
    this.crossings.update(places.crossings, timeline);
    this.drawNow();
  }

  drawNow() {
    const { who, here, unused } = this.chosen;
    const inside = here.filter((one) => one.level >= INSIDE);
    const perhaps = here.filter((one) => one.level === 1);
    const near = here.filter((one) => one.level === 0);
    const told = [['inside', inside], ['perhaps inside', perhaps], ['near', near]]
      .filter(([, places]) => places.length)
      .map(([how, places]) => `${how} ${places.map((one) => one.name).join(', ')}`);
    const why = UNUSED[unused] ? ` The last position was not used: ${UNUSED[unused]}.` : '';
    const text = `${who} is ${told.join('; ') || 'near no store'}.${why}`;
    const box = this.find('now');
    if (box.textContent !== text) box.textContent = text;
    this.colour(new Set(inside.map((one) => one.place)), new Set(here.map((one) => one.place)));
  }

  colour(inside, here) {
    for (const [id, store] of this.stores) {
      const near = here.has(id) ? 'near' : '';
      this.map.mark(id, inside.has(id) ? 'inside' : near || (store.is_open ? '' : 'closed'));
    }
  }

  // Whether a push on this phone can be seen beside the map.
  shows(key) {
    const { top, bottom } = this.section.querySelector('.stack').getBoundingClientRect();
    return this.chosen.key === key && top >= 0 && bottom <= innerHeight;
  }

  arrive(key, push, { quietly }) {
    const phone = this.phones.get(key);
    if (!phone) return;
    phone.pushes = [...phone.pushes.filter((one) => one.tag !== push.tag), push].slice(-4);
    if (phone === this.chosen) this.stack.show(push, { quietly });
  }

  opened(key, pushId) {
    const phone = this.phones.get(key);
    if (!phone) return;
    phone.pushes = phone.pushes.filter((one) => one.id !== pushId);
    if (phone === this.chosen) this.stack.remove(pushId);
  }

  clear() {
    for (const phone of this.phones.values()) {
      forget(phone.key);
      phone.walker.stop();
      phone.walker.at = homeOf(phone.key);
      phone.knob.moveTo(phone.walker.at);
      Object.assign(phone, { here: [], unused: '', pushes: [] });
    }
    this.stack.clear();
    this.say('');
  }

  say(text) {
    this.section.querySelector('.said').textContent = text;
  }

  clock() {
    this.stack.clock();
  }

  showTown() {
    const stores = NAMED.map((id) => this.stores.get(id)).filter(Boolean);
    this.map.fit([...Object.values(HOMES), ...stores, NORTH]);
  }
}
