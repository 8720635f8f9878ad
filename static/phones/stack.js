// The notifications of one phone, the newest on top.

import { element } from './dom.js';

const SHOWN = 4;

export class Stack {
  constructor(list, { locale, onOpen }) {
    this.list = list;
    this.locale = locale;
    this.onOpen = onOpen;
    this.pushes = new Map(); // tag -> {push, item}
  }

  // Android's tag and APNs' collapse id: a repeat takes the place of what it repeats.
  show(push, { quietly }) {
    const old = this.pushes.get(push.tag);
    const item = this.draw(push);
    item.classList.toggle('arrives', !quietly);
    // Else it would arrive again each time its tab is chosen.
    item.addEventListener('animationend', () => item.classList.remove('arrives'), { once: true });
    if (old) old.item.replaceWith(item);
    else this.list.prepend(item);
    this.pushes.set(push.tag, { push, item });
    this.cut();
  }

  draw(push) {
    const head = element('span', 'push-head',
      element('span', 'app-icon'), element('span', 'app', 'Demo app'),
      element('span', 'when', ago(push.arrived_at, this.locale)));
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
    if (await this.onOpen(push)) {
      this.remove(push.id);
      next?.focus({ preventScroll: true });
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
    this.cut();
  }

  cut() {
    [...this.list.children].forEach((one, index) => { one.hidden = index >= SHOWN; });
  }

  clear() {
    this.list.replaceChildren();
    this.pushes.clear();
  }

  clock() {
    for (const { push, item } of this.pushes.values()) {
      item.querySelector('.when').textContent = ago(push.arrived_at, this.locale);
    }
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
