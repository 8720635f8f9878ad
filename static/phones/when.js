// Times as a person says them: the hour today, the day too on another day.

const HOUR = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const DAY = { weekday: 'short', day: 'numeric', month: 'short' };

export function when(iso) {
  const at = new Date(iso);
  const hour = at.toLocaleTimeString('en-GB', HOUR);
  if (at.toDateString() === new Date().toDateString()) return hour;
  return `${at.toLocaleDateString('en-GB', DAY)}, ${hour}`;
}

export function isOver(iso) {
  return Date.parse(iso) <= Date.now();
}
