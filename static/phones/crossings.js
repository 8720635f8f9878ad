// What the phones crossed, newest first, and what the campaigns made of it.

import { element, link } from './dom.js';

const SHOWN = 8;
const SAID = {
  'Place Approached': (one) => `came near ${one.name}${away(one)}`,
  'Place Entered Perhaps': (one) => `may be in ${one.name}${away(one)}`,
  'Place Entered': (one) => `entered ${one.name}${away(one)}`,
  'Place Entered Surely': (one) => `is surely in ${one.name}${away(one)}`,
  'Place Dwelled': (one) => `stays in ${one.name}`,
  'Place Exited': (one) => `left ${one.name} after ${duration(one.visit_seconds)}`,
};

export class Crossings {
  constructor(list, empty) {
    this.list = list;
    this.empty = empty;
    this.drawn = '';
  }

  update(crossings, entries) {
    const shown = crossings.slice(0, SHOWN).map((one) => ({
      ...one,
      lines: entries.filter((entry) => one.ids.includes(entry.id))
        .flatMap((entry) => entry.lines).filter((line) => line.outcome),
    }));
    const text = JSON.stringify(shown);
    if (text === this.drawn) return;
    this.drawn = text;
    this.list.replaceChildren(...shown.map(draw));
    this.empty.hidden = shown.length > 0;
  }
}

function draw(one) {
  const at = element('time', '', new Date(one.occurred_at).toLocaleTimeString('en-GB'));
  at.dateTime = one.occurred_at;
  const item = element('li', `crossing of-${one.phone}`,
    element('p', '', element('b', 'whose', one.who), ' ', said(one)), at,
    ...one.lines.map(outcome));
  item.dataset.place = one.place;
  return item;
}

export function said(one) {
  return SAID[one.event](one);
}

function outcome(line) {
  return element('p', `came ${line.outcome.tone}`,
    link(line.campaign, line.url), ': ', element('span', '', line.outcome.sentence));
}

// To the middle of the place, as rough as a position is.
function away(one) {
  return one.distance_m === null ? '' : `, ${Math.round(one.distance_m / 10) * 10} m`;
}

function duration(seconds) {
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
