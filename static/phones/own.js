// Your own phones: one small phone for each device beyond the cast that got a push.

import { replay } from './phone.js';
import { Stack } from './stack.js';

const SHOWN = 6;
const KEPT = 100; // more are not remembered
const FRAMES = { ios: 'ios', web: 'web' }; // all else looks like Android
const NAMES = { ios: 'iOS', android: 'Android', web: 'Web' };

export class OwnPhones {
  constructor(section, onOpen) {
    this.list = section.querySelector('.own-list');
    this.empty = section.querySelector('.own-empty');
    this.more = section.querySelector('.own-more');
    this.template = document.getElementById('own-phone');
    this.onOpen = onOpen;
    this.phones = new Map(); // key -> OwnPhone, the newest last
  }

  arrive(push, facts, { quietly, opened }) {
    const phone = this.phones.get(push.phone) ?? new OwnPhone(this.template, this.onOpen);
    phone.key = push.phone;
    phone.newest = push.id;
    phone.update(facts);
    if (!opened) phone.stack.show(push, { quietly });
    this.phones.delete(push.phone);
    this.phones.set(push.phone, phone);
    if (this.phones.size > KEPT) this.phones.delete(this.phones.keys().next().value);
    return phone;
  }

  update(facts) {
    for (const [key, now] of Object.entries(facts)) this.phones.get(key)?.update(now);
    this.draw();
  }

  get shown() {
    return [...this.phones.values()].reverse().slice(0, SHOWN);
  }

  // The pushes by which the server knows the phones that are on the page.
  get asked() {
    return this.shown.map((phone) => phone.newest);
  }

  draw() {
    const cards = this.shown.map((phone) => phone.card);
    const same = cards.length === this.list.children.length
      && cards.every((card, index) => card === this.list.children[index]);
    if (!same) this.list.replaceChildren(...cards);
    const older = this.phones.size - cards.length;
    this.empty.hidden = this.phones.size > 0;
    this.more.hidden = older === 0;
    if (older) this.drawMore(older);
  }

  drawMore(older) {
    const names = [...this.phones.values()].reverse().slice(SHOWN).map((phone) => phone.who);
    const said = `and ${this.phones.size === KEPT ? 'at least ' : ''}${older} more`;
    const list = names.join(', ');
    if (this.more.dataset.said === said + list) return;
    this.more.dataset.said = said + list;
    this.more.querySelector('summary').textContent = said;
    this.more.querySelector('p').textContent = list;
  }

  clear() {
    this.phones.clear();
    this.draw();
  }

  clock() {
    this.shown.forEach((phone) => phone.stack.clock());
  }
}

class OwnPhone {
  constructor(template, onOpen) {
    this.card = template.content.firstElementChild.cloneNode(true);
    this.counter = this.card.querySelector('.opened');
    this.opened = 0;
    this.stack = new Stack(this.card.querySelector('.stack'), {
      locale: 'en',
      onOpen: (push) => onOpen(this, push),
    });
  }

  get frame() {
    return FRAMES[this.facts.platform] ?? 'android';
  }

  update(facts) {
    if (facts.opened > this.opened) replay(this.counter, 'counted');
    this.opened = facts.opened;
    this.who = facts.who;
    this.facts = facts;
    this.card.querySelector('.phone').className = `phone small ${this.frame}`;
    this.card.setAttribute('aria-label', `${facts.who}’s phone`);
    this.set('h3', facts.who);
    this.set('.who', NAMES[facts.platform] ?? 'Platform not told');
    this.counter.querySelector('output').textContent = facts.opened;
  }

  set(selector, text) {
    const node = this.card.querySelector(selector);
    if (node.textContent === text) return;
    node.textContent = text;
    node.title = text;
  }

  say(text) {
    this.card.querySelector('.said').textContent = text;
  }
}
