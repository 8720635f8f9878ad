// What just happened: one entry an event, redrawn only when what is known of it has changed.

import { element, link } from './dom.js';
import { when } from './when.js';

const MATCHES = { match: 'matches', no_match: 'does not match', unknown: 'not known' };
const HOLDS = { match: 'yes', no_match: 'no', unknown: 'not known' };
const NOTHING = {
  match: 'Today it would match.',
  no_match: 'Nothing sent: the rule does not match.',
  unknown: 'Nothing sent: the rule asks about something we don’t know.',
};

export class Timeline {
  constructor(list, empty) {
    this.list = list;
    this.empty = empty;
    this.drawn = new Map(); // id -> {text, item}
    this.first = true;
  }

  update(entries) {
    const items = entries.map((entry) => this.item(entry));
    for (const id of this.drawn.keys()) {
      if (!entries.some((entry) => entry.id === id)) this.drawn.delete(id);
    }
    const same = items.length === this.list.children.length
      && items.every((item, index) => item === this.list.children[index]);
    if (!same) this.list.replaceChildren(...items);
    this.empty.hidden = items.length > 0;
    this.first = false;
    return !same;
  }

  item(entry) {
    const text = JSON.stringify(entry);
    const known = this.drawn.get(entry.id);
    if (known?.text === text) return known.item;
    const item = draw(entry);
    item.classList.toggle('new', !known && !this.first);
    this.drawn.set(entry.id, { text, item });
    return item;
  }
}

function draw(entry) {
  const item = element('li', `entry of-${entry.phone || 'other'}`, head(entry));
  item.dataset.event = entry.id;
  if (entry.cancelled.length) item.append(...entry.cancelled.map(stopped));
  else if (entry.lines.length === 0) {
    item.classList.add('slight');
    item.append(element('p', 'silent', `No campaign listens to “${entry.name}”.`));
  }
  item.append(...entry.lines.map((line) => drawLine(line, entry)));
  return item;
}

function stopped(one) {
  const about = one.about ? ` for ${one.about}` : '';
  return element('p', 'stopped', 'Cancelled what waited: ', link(one.campaign, one.url), `${about}.`);
}

function head(entry) {
  const at = new Date(entry.received_at);
  const time = element('time', '', at.toLocaleTimeString('en-GB'));
  time.dateTime = entry.received_at;
  const facts = entry.properties.map(([name, value]) => element('span', 'fact',
    element('i', '', name), ' ', value));
  return element('div', 'entry-head',
    element('p', 'what', element('b', 'whose', entry.who), ' ', element('span', 'event', entry.name)),
    time, facts.length ? element('p', 'facts', ...facts) : null);
}

function drawLine(line, entry) {
  const steps = line.steps.length ? line.steps : decidedOnly(entry);
  return element('div', `line ${line.outcome?.tone ?? 'none'}`,
    element('p', 'total', milliseconds(steps[steps.length - 1].at_ms)),
    element('p', 'campaign', link(line.campaign, line.url)),
    rule(line),
    line.deciding.length ? element('ul', 'deciding', ...line.deciding.map(leaf)) : null,
    line.checks.length ? element('ul', 'checks', ...line.checks.map(check)) : null,
    outcome(line),
    rail(steps));
}

function rule(line) {
  const verdict = element('span', `verdict ${line.verdict}`, MATCHES[line.verdict]);
  return element('p', 'rule', element('span', 'label', 'Rule'),
    element('span', 'sentence', line.rule), verdict);
}

function leaf(one) {
  const was = one.actual === '' ? 'nothing was there' : `it was “${one.actual}”`;
  return element('li', '', element('span', '', one.sentence), ': ',
    element('b', '', HOLDS[one.verdict]), `, ${was}`);
}

function check(one) {
  const mark = element('span', 'mark');
  mark.setAttribute('aria-hidden', 'true');
  const said = element('span', 'sr', one.passed ? 'Passed: ' : 'Failed: ');
  return element('li', one.passed ? 'pass' : 'fail', mark, said,
    one.note ? `${one.name} ${one.note}` : one.name);
}

function outcome(line) {
  if (!line.outcome) {
    const later = line.later ? ' Campaigns changed since; this is what they say today.' : '';
    return element('p', 'outcome', NOTHING[line.verdict] + later);
  }
  const said = element('p', 'outcome', element('b', '', line.outcome.until
    ? `Waits until ${when(line.outcome.until)}.` : line.outcome.sentence));
  if (line.outcome.until) said.append(' Then the checks decide.');
  if (line.outcome.next) {
    said.append(' ', line.outcome.url
      ? link(line.outcome.next, line.outcome.url, 'fix')
      : element('span', 'fix-text', `${line.outcome.next}.`));
  }
  const message = line.title || line.body
    ? element('p', 'message', element('b', '', line.title), ' ', line.body) : null;
  const hint = line.outcome.hint
    ? element('p', 'write', 'Write ', element('code', '', line.outcome.hint)) : null;
  return element('div', '', said, hint, message);
}

function decidedOnly(entry) {
  return [{ name: 'received', at_ms: 0 }, { name: 'decided', at_ms: entry.decided_ms }];
}

function rail(steps) {
  const stops = steps.map((step, index) => {
    const took = index ? step.at_ms - steps[index - 1].at_ms : null;
    return element('li', '',
      took === null ? null : element('span', 'took', `+${milliseconds(took)}`),
      element('span', 'stop', step.name.replace('_', ' ')));
  });
  return element('ol', 'rail', ...stops);
}

function milliseconds(value) {
  if (value >= 120000) return `${Math.round(value / 60000)} min`;
  if (value >= 10000) return `${(value / 1000).toFixed(0)} s`;
  return `${value >= 10 ? Math.round(value) : Math.max(0, value).toFixed(1)} ms`;
}
