// One phone: its lock screen, its notifications, its counter.

import { element } from './dom.js';

const SHOWN = 4;

export class Phone {
  constructor(cast, onOpen) {
    this.cast = cast;
    this.key = cast.key;
    this.card = document.getElementById(`phone-${cast.key}`);
    this.stack = this.card.querySelector('.stack');
    this.counter = this.card.querySelector('.opened');
    this.onOpen = onOpen;
    this.pushes = new Map(); // tag -> {push, item}
    this.now = { known: false, logged_in: false, opened: 0 };
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
    for (const { push, item } of this.pushes.values()) {
      item.querySelector('.when').textContent = ago(push.arrived_at, this.cast.locale);
    }
  }

  // Android's tag and APNs' collapse id: a repeat takes the place of what it repeats.
  show(push, { quietly }) {
    const old = this.pushes.get(push.tag);
    const item = this.draw(push);
    item.classList.toggle('arrives', !quietly);
    // Else it would arrive again each time its tab is chosen.
    item.addEventListener('animationend', () => item.classList.remove('arrives'), { once: true });
    if (old) old.item.replaceWith(item);
    else this.stack.prepend(item);
    this.pushes.set(push.tag, { push, item });
    [...this.stack.children].forEach((one, index) => { one.hidden = index >= SHOWN; });
  }

  draw(push) {
    const head = element('span', 'push-head',
      element('span', 'app-icon'), element('span', 'app', 'Demo app'),
      element('span', 'when', ago(push.arrived_at, this.cast.locale)));
    const button = element('button', 'push', head,
      element('b', 'push-title', push.title), element('span', 'push-body', push.body));
    button.type = 'button';
    button.title = 'Open';
    const item = element('li', '', button);
    item.dataset.push = push.id;
    button.addEventListener('click', () => this.open(push, item));
    return item;
  }

  async open(push, item) {
    item.classList.add('opening');
    const next = item.nextElementSibling?.querySelector('button');
    if (await this.onOpen(this, push)) {
      this.remove(push.id);
      (next ?? this.card.querySelector('[data-do=visit]')).focus({ preventScroll: true });
    } else {
      item.classList.remove('opening');
    }
  }

  remove(pushId) {
    for (const [tag, { push, item }] of this.pushes) {
      if (push.id !== pushId) continue;
      item.remove();
      this.pushes.delete(tag);
    }
    [...this.stack.children].forEach((one, index) => { one.hidden = index >= SHOWN; });
  }

  clear() {
    this.stack.replaceChildren();
    this.pushes.clear();
    this.update({ known: false, logged_in: false, opened: 0 });
  }

  // Until the server knows the phone there is nobody to whom things could happen.
  update(now) {
    if (now.opened > this.now.opened) replay(this.counter, 'counted');
    this.now = now;
    this.card.querySelectorAll('[data-do]').forEach((button) => { button.disabled = !now.known; });
    this.counter.querySelector('output').textContent = now.opened;
    const out = now.known && !now.logged_in;
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

function ago(iso, locale) {
  const seconds = (Date.now() - Date.parse(iso)) / 1000;
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'narrow' });
  if (seconds < 60) return relative.format(0, 'second');
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute');
  if (seconds < 86400) return relative.format(-Math.floor(seconds / 3600), 'hour');
  return relative.format(-Math.floor(seconds / 86400), 'day');
}

function replay(node, className) {
  node.classList.remove(className);
  void node.offsetWidth; // so that the animation begins anew
  node.classList.add(className);
}
