// One phone on its way. It tells a position a second, and one more when it stands still, as phones
// do. What is farther than it could have gone is one jump: the server may say that it is too fast.

import { along, distance } from './route.js';

const EVERY_MS = 1000;
const JUMP_M = 3000;

export class Walker {
  constructor(at, { onTell }) {
    this.at = at;
    this.onTell = onTell;
    this.stops = []; // of a walk that was planned
    this.line = []; // that was drawn
    this.held = false; // it is being drawn
    this.moving = false;
    this.toldAt = -Infinity;
  }

  go(stops, pace) {
    this.line = [];
    this.stops = stops;
    this.start(pace);
  }

  draw(point, pace) {
    this.stops = [];
    if (!this.held) this.line = [];
    this.line.push(point);
    this.held = true;
    this.start(pace);
  }

  letGo() {
    this.held = false;
    const [last] = this.line.slice(-1);
    if (last && distance(this.at, last) > JUMP_M) this.line = [last];
  }

  get left() {
    return this.stops.length + this.line.length;
  }

  start(pace) {
    this.pace = pace;
    if (this.timer) return;
    const wait = this.toldAt + EVERY_MS - performance.now();
    this.timer = setTimeout(() => this.tick(), Math.max(0, wait));
  }

  tick() {
    const moved = this.left > 0;
    if (moved) this.at = this.next();
    if (moved || (this.moving && !this.held)) this.tell(moved);
    this.timer = moved || this.held ? setTimeout(() => this.tick(), EVERY_MS) : 0;
  }

  next() {
    if (this.stops.length) return this.stops.shift();
    const [goal] = this.line;
    if (!this.held && distance(this.at, goal) > JUMP_M) return this.line.shift();
    return along(this.line, this.at, this.pace.step);
  }

  tell(moved) {
    this.moving = moved;
    this.toldAt = performance.now();
    this.onTell(this.at, moved ? this.pace.speed : 0);
  }

  stop() {
    clearTimeout(this.timer);
    Object.assign(this, { timer: 0, stops: [], line: [], held: false, moving: false });
  }
}
