// One phone: its lock screen, its notifications, its counter.

import { Carts } from './carts.js';
import { Stack } from './stack.js';

const UNKNOWN = { known: false, logged_in: false, opened: 0, carts: {}, waits: [] };

export class Phone {
  constructor(cast, baskets, { onOpen, ...onCarts }) {
    this.cast = cast;
    this.key = cast.key;
    this.card = document.getElementById(`phone-${cast.key}`);
    this.lock = this.card.querySelector('.lock'); // the newest push is right below it
    this.counter = this.card.querySelector('.opened');
    this.onOpen = onOpen;
    this.stack = new Stack(this.card.querySelector('.stack'), {
      locale: cast.locale,
      onOpen: (push) => this.open(push),
    });
    this.carts = new Carts(this.card.querySelector('.carts'), baskets, {
      onAdd: (basket) => onCarts.onAdd(this, basket),
      onBuy: (basket, cartId) => onCarts.onBuy(this, cartId),
      onSkip: (form) => onCarts.onSkip(this, form),
    });
    this.now = UNKNOWN;
    this.clock();
  }

  clock() {
    const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
    const day = { weekday: 'long', day: 'numeric', month: 'long' };
    const locale = this.cast.locale === 'en' ? 'en-GB' : this.cast.locale;
    const now = new Date();
    const shown = now.toLocaleTimeString(locale, time);
    this.card.querySelector('.clock').textContent = shown;
    this.card.querySelector('.small-clock').textContent = shown;
    this.card.querySelector('.date').textContent = now.toLocaleDateString(locale, day);
    this.stack.clock();
  }

  show(push, { quietly }) {
    this.stack.show(push, { quietly });
  }

  async open(push) {
    const done = await this.onOpen(this, push);
    // The next push of the stack takes the focus over, where there is one.
    if (done) this.card.querySelector('[data-do=visit]').focus({ preventScroll: true });
    return done;
  }

  clear() {
    this.stack.clear();
    this.update(UNKNOWN);
  }

  // Until the server knows the phone there is nobody to whom things could happen.
  update(now) {
    if (now.opened > this.now.opened) replay(this.counter, 'counted');
    this.now = now;
    this.card.querySelectorAll('[data-do]').forEach((button) => { button.disabled = !now.known; });
    this.counter.querySelector('output').textContent = now.opened;
    const out = now.known && !now.logged_in;
    this.carts.update(now);
    this.card.classList.toggle('out', out);
    this.card.querySelector('.state').textContent = out ? this.outText() : '';
    this.card.querySelector('[data-do=account]').textContent = this.accountText(out);
  }

  outText() {
    return this.cast.user_id
      ? `Logged out. Pushes for ${this.cast.who} do not come here.`
      : 'Forgotten. The app is not known on this phone.';
  }

  accountText(out) {
    if (this.cast.user_id) return out ? 'Log in' : 'Log out';
    return out ? 'Register this phone' : 'Forget this phone';
  }

  say(text) {
    this.card.querySelector('.said').textContent = text;
  }
}

export function replay(node, className) {
  node.classList.remove(className);
  void node.offsetWidth; // so that the animation begins anew
  node.classList.add(className);
}
