// "Push on Anna’s phone ↑": what arrives beyond the edge of the window is told, and is a press away.

const SHOWN_MS = 8000;
const BELOW_PX = 200; // of a phone this much must be in sight

export class News {
  constructor(button) {
    this.button = button;
    this.seen = new IntersectionObserver(([one]) => { if (one.isIntersecting) this.hide(); },
      { rootMargin: `0px 0px -${BELOW_PX}px 0px` });
    button.addEventListener('click', () => this.place.scrollIntoView({ behavior: 'smooth' }));
  }

  // A place that is not shown at all has a tab, with a dot of its own.
  tell(who, place) {
    const { top, bottom, height } = place.getBoundingClientRect();
    const isBelow = top > innerHeight - BELOW_PX;
    if (!height || (!isBelow && bottom > 0)) return;
    this.hide();
    this.place = place;
    this.button.textContent = `Push on ${who}’s phone ${isBelow ? '↓' : '↑'}`;
    this.button.hidden = false;
    this.seen.observe(place);
    this.timer = setTimeout(() => this.hide(), SHOWN_MS);
  }

  hide() {
    clearTimeout(this.timer);
    this.seen.disconnect();
    this.button.hidden = true;
  }
}
