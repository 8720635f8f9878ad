// The two carts of a phone: fill, buy, and what waits until when.

import { element } from './dom.js';
import { isOver, when } from './when.js';

const SHOWN = 3; // of what else waits
const ANSWERED_MS = 3000; // a press that changes nothing may be made again

export class Carts {
  constructor(section, baskets, { onAdd, onBuy, onSkip }) {
    this.rows = baskets.map((basket) => new Row(section, basket, { onAdd, onBuy }));
    this.waits = section.querySelector('.waits');
    this.form = section.querySelector('form');
    this.skip = this.form.querySelector('button');
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.skip.disabled = true;
      onSkip(this.form);
    });
  }

  update({ known, carts, waits }) {
    this.rows.forEach((row) => row.update(carts[row.basket.key], known));
    const lines = waits.slice(0, SHOWN).map((wait) => element('li', '', alsoWaits(wait)));
    const more = waits.length - lines.length;
    this.waits.replaceChildren(...lines, ...(more ? [element('li', '', `and ${more} more`)] : []));
    const reminders = Object.values(carts).flatMap((cart) => cart.reminders);
    this.skip.disabled = ![...reminders, ...waits].some((one) => one.until && !isOver(one.until));
  }
}

class Row {
  constructor(section, basket, { onAdd, onBuy }) {
    this.basket = basket;
    this.row = section.querySelector(`[data-cart=${basket.key}]`);
    this.button = this.row.querySelector('button');
    this.told = this.row.querySelector('.told');
    this.pressed = null; // {seen, at}: how the cart was when its button was pressed
    this.button.addEventListener('click', () => {
      this.pressed = { seen: JSON.stringify(this.cart), at: performance.now() };
      this.button.disabled = true;
      if (this.isFull) onBuy(basket, this.cart.cart_id);
      else onAdd(basket);
    });
  }

  get isFull() {
    return Boolean(this.cart) && !this.cart.bought;
  }

  update(cart, known) {
    this.cart = cart;
    if (this.pressed && !this.isAnswered) return;
    this.pressed = null;
    this.button.disabled = !known;
    this.row.classList.toggle('full', this.isFull);
    const name = this.basket.name.toLowerCase();
    say(this.button, this.isFull ? 'Buy' : 'Put in cart');
    this.button.setAttribute('aria-label',
      this.isFull ? `Buy ${name}` : `Put in ${name}: ${this.basket.product}`);
    say(this.told, cart ? sentences(cart, name).join(' ') : '');
  }

  get isAnswered() {
    return JSON.stringify(this.cart) !== this.pressed.seen
      || performance.now() - this.pressed.at > ANSWERED_MS;
  }
}

function alsoWaits(wait) {
  const what = `“${wait.campaign}”${wait.about && ` for ${wait.about}`}`;
  return wait.paused ? `${what} waits: it is paused.` : waiting(what, wait.until);
}

function sentences(cart, name) {
  if (cart.reminders.length === 0) {
    return [cart.bought ? 'Bought.' : 'No campaign waits for this cart.'];
  }
  const told = cart.reminders.map((one) => sentence(one, cart, name));
  return told.filter((text, index) => told.indexOf(text) === index);
}

function sentence(reminder, cart, name) {
  if (reminder.paused) return `A reminder for ${name} waits: its campaign is paused.`;
  if (reminder.until) return waiting(`A reminder for ${name}`, reminder.until);
  if (reminder.state === 'pushing') return `The reminder for ${name} is on its way.`;
  if (reminder.state === 'sent') {
    return `${cart.bought ? 'Bought. ' : ''}The reminder for ${name} was sent.`;
  }
  if (reminder.state === 'cancelled' && cart.bought) {
    return `Bought: the reminder for ${name} was cancelled.`;
  }
  return reminder.sentence;
}

function waiting(what, until) {
  return isOver(until) ? `${what} is due now.` : `${what} waits until ${when(until)}.`;
}

// A text that stays is not written again: it is read aloud when it changes.
function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
