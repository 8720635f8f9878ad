// The page: buttons post real events, the feed brings back what came of them.

import { cartCode } from './cart_code.js';
import { CodeDialog, snippetsOf } from './code.js';
import { mapCode } from './map_code.js';
import { TownMap } from './map.js';
import * as messages from './messages.js';
import { News } from './news.js';
import { ownCode } from './own_code.js';
import { OwnPhones } from './own.js';
import { Phone } from './phone.js';
import { Refused, post, readFeed, submit } from './server.js';
import { markSteps } from './steps.js';
import { Timeline } from './timeline.js';

const QUICK_MS = 150; // just after a button
const FAST_MS = 400; // while things happen
const IDLE_MS = 800;
const FAILED_MS = 1500;
const HIDDEN_MS = 5000;
const QUICK_FOR_MS = 2000;
const FAST_FOR_MS = 20000;
const AGAIN_AFTER_MS = 5000;

const demo = JSON.parse(document.getElementById('demo').textContent);
const phones = new Map(demo.phones.map((cast) => [cast.key, new Phone(cast, demo.carts, {
  onOpen: opened, onAdd: filled, onBuy: bought, onSkip: skipped,
})]));
const own = new OwnPhones(byId('own'), openedOwn);
const timeline = new Timeline(byId('entries'), byId('log-empty'));
const dialog = new CodeDialog(demo);
const news = new News(byId('news'));
const town = new TownMap(byId('map'), demo, { onTell: told, onOpen: openedOnMap });
const introduced = new Map(); // key -> {at, times}

let cursor = 0;
let epoch = 0; // raised by "Start over": what was asked before it is not believed after it
let first = true;
let pressedAt = -Infinity;
let changedAt = performance.now();
let timer = 0;
let busy = false;
let failed = false;

function byId(id) {
  return document.getElementById(id);
}

// --- the feed -------------------------------------------------------------------------------

async function poll() {
  clearTimeout(timer);
  if (busy) return;
  busy = true;
  const asked = epoch;
  try {
    const feed = await readFeed(cursor, own.asked);
    failed = false;
    if (asked === epoch) take(feed);
  } catch (error) {
    failed = true;
    trouble(error instanceof Refused
      ? `${error.message} Trying again.`
      : 'The server does not answer. Is it still running? Trying again.');
  } finally {
    busy = false;
    timer = setTimeout(poll, pause());
  }
}

function pause() {
  const now = performance.now();
  if (document.hidden) return HIDDEN_MS;
  if (failed) return FAILED_MS;
  if (now - pressedAt < QUICK_FOR_MS) return QUICK_MS;
  return now - changedAt < FAST_FOR_MS ? FAST_MS : IDLE_MS;
}

function take(feed) {
  trouble(troubleOf(feed));
  foreign(feed);
  cursor = feed.fcm.cursor;
  const opened = new Set(feed.opened);
  feed.fcm.pushes.forEach((push) => arrive(push, feed.own[push.phone], opened.has(push.id)));
  own.update(feed.own);
  for (const [key, phone] of phones) phone.update(feed.phones[key]);
  own.shown.forEach((one) => town.add(one.key, one.who, one.frame));
  town.update(feed);
  if (timeline.update(feed.timeline) || feed.fcm.pushes.length) changedAt = performance.now();
  markSteps(demo, feed);
  if (feed.loaded) introduceUnknown();
  first = false;
}

function arrive(push, facts, opened) {
  const phone = phones.get(push.phone);
  if (facts) own.arrive(push, facts, { quietly: first, opened });
  else if (!opened) phone.show(push, { quietly: first });
  if (facts) town.add(push.phone, facts.who, own.phones.get(push.phone).frame);
  if (!opened) town.arrive(push.phone, push, { quietly: first });
  if (first || opened) return;
  const who = facts ? facts.who : phone.cast.who;
  byId('announce').textContent = `Push on ${who}’s phone: ${push.title}. ${push.body}`;
  const tab = tabOf(facts ? 'own' : push.phone);
  if (tab.getAttribute('aria-pressed') === 'false') tab.querySelector('.dot').hidden = false;
  if (!town.shows(push.phone)) news.tell(who, facts ? byId('own') : phone.lock);
}

function troubleOf(feed) {
  if (!feed.loaded) return 'There is no demo workspace here. Start with an empty DATA_DIR to get one.';
  if (feed.fcm.state === 'down') {
    return `The fake FCM at ${feed.endpoint} does not answer, so no push can arrive. Trying again.`;
  }
  return '';
}

function trouble(text) {
  const box = byId('trouble');
  if (box.textContent !== text) box.textContent = text;
  box.hidden = !text;
}

function foreign(feed) {
  const box = byId('foreign');
  box.hidden = feed.fcm.state !== 'foreign';
  box.textContent = `Pushes go to ${feed.endpoint}, not to the phones on this page. `
    + '“What just happened” still tells what became of each.';
}

// --- what the phones do ---------------------------------------------------------------------

// A phone that the server knows is left alone, also when it was logged out.
function introduceUnknown() {
  for (const [key, phone] of phones) {
    const last = introduced.get(key) ?? { at: -Infinity, times: 0 };
    if (phone.now.known || performance.now() - last.at < AGAIN_AFTER_MS) continue;
    introduced.set(key, { at: performance.now(), times: last.times + 1 });
    const id = `phones-hello-${key}` + (last.times ? `-${crypto.randomUUID()}` : '');
    send(phone, messages.logIn(demo, phone.cast, id));
  }
}

async function send(phone, request) {
  try {
    await post(demo, request);
    phone.say('');
    return true;
  } catch (error) {
    phone.say(error instanceof Refused ? error.message : 'The server does not answer.');
    return false;
  } finally {
    pressedAt = performance.now();
    poll();
  }
}

async function opened(phone, push) {
  const request = messages.tap(demo, phone.cast, push.id, phone.now.logged_in);
  const done = await send(phone, request);
  if (done) town.opened(phone.key, push.id);
  return done;
}

// The same push is on the phone itself.
async function openedOnMap(key, push) {
  const phone = phones.get(key) ?? own.phones.get(key);
  const done = await (phone.cast ? opened(phone, push) : openedOwn(phone, push));
  if (done) phone.stack.remove(push.id);
  return done;
}

function told(key, fix) {
  const phone = phones.get(key);
  send(town, phone
    ? messages.moved(demo, phone.cast, fix, phone.now.logged_in)
    : messages.ownMoved(demo, own.phones.get(key).facts, fix));
}

// Each filling is a cart of its own: whoever was reminded of one can be of the next.
function filled(phone, basket) {
  const cartId = `${basket.key}-${crypto.randomUUID().slice(0, 4)}`;
  return send(phone, messages.add(demo, phone.cast, basket, cartId, phone.now.logged_in));
}

function bought(phone, cartId) {
  return send(phone, messages.buy(demo, phone.cast, cartId, phone.now.logged_in));
}

async function skipped(phone, form) {
  try {
    await submit(form);
    phone.say('');
  } catch (error) {
    phone.say(error instanceof Refused ? error.message : 'The server does not answer.');
  }
  pressedAt = performance.now();
  poll();
}

async function openedOwn(phone, push) {
  const done = await send(phone, messages.ownTap(demo, phone.facts, push.id));
  if (done) {
    town.opened(phone.key, push.id);
    byId('own-title').focus({ preventScroll: true });
  }
  return done;
}

const actions = {
  visit: (phone) => messages.visit(demo, phone.cast, phone.now.logged_in),
  account: (phone) => (phone.now.known && !phone.now.logged_in
    ? messages.logIn(demo, phone.cast)
    : messages.logOut(demo, phone.cast)),
};

function wire(phone) {
  for (const button of phone.card.querySelectorAll('[data-do]')) {
    button.addEventListener('click', () => send(phone, actions[button.dataset.do](phone)));
  }
  for (const button of phone.card.querySelectorAll('[data-code]')) {
    button.addEventListener('click', () => showCode(phone, button.dataset.code));
  }
}

function showCode(phone, what) {
  const out = phone.now.known && !phone.now.logged_in;
  const account = phone.card.querySelector('[data-do=account]').textContent;
  const titles = { visit: 'Leave the open day', account, tap: 'Open a push', cart: 'Fill a cart and buy it' };
  const title = `${phone.cast.who}: ${titles[what]}`;
  dialog.open(title, what === 'cart'
    ? cartCode(demo, phone.cast, demo.carts[0], !out)
    : snippetsOf(demo, phone.cast, what, out));
}

// --- the tabs, starting over ----------------------------------------------------------------

function tabOf(key) {
  return document.querySelector(`[data-tab=${key}]`);
}

function panelOf(key) {
  return phones.get(key)?.card ?? byId(key);
}

function chooseTab(key) {
  for (const tab of document.querySelectorAll('[data-tab]')) {
    const chosen = tab.dataset.tab === key;
    tab.setAttribute('aria-pressed', String(chosen));
    if (chosen) tab.querySelector('.dot').hidden = true;
    panelOf(tab.dataset.tab).classList.toggle('current', chosen);
  }
}

async function beginAgain(event) {
  event.preventDefault();
  byId('sure').close();
  epoch += 1;
  phones.forEach((phone) => phone.clear());
  own.clear();
  town.clear();
  document.querySelectorAll('.steps .done').forEach((step) => step.classList.remove('done'));
  try {
    const { fake_emptied: emptied } = await submit(event.target);
    epoch += 1;
    introduced.clear();
    if (!emptied) trouble('The fake FCM does not answer, so its log could not be emptied.');
  } catch (error) {
    trouble(error instanceof Refused ? error.message : 'The server does not answer.');
  }
  pressedAt = performance.now();
  poll();
}

phones.forEach(wire);
phones.forEach((phone) => town.add(phone.key, phone.cast.who, phone.cast.platform));
town.showTown();
chooseTab(demo.phones[0].key);
document.querySelectorAll('[data-tab]').forEach((tab) => {
  tab.addEventListener('click', () => chooseTab(tab.dataset.tab));
});
byId('start-over').addEventListener('click', () => byId('sure').showModal());
byId('start-over-form').addEventListener('submit', beginAgain);
document.querySelectorAll('[data-close]').forEach((button) => {
  button.addEventListener('click', () => button.closest('dialog').close());
});
document.addEventListener('visibilitychange', poll);
byId('own-code').addEventListener('click', () => dialog.open('Your own phone', ownCode(demo)));
byId('map-code').addEventListener('click', () => {
  dialog.open('Tell where the phone is', mapCode(demo, demo.phones[0]));
});
setInterval(() => [...phones.values(), own, town].forEach((one) => one.clock()), 5000);
poll();
