// The steps at the top of the page, ticked off as they are taken.

// A step once taken stays so, also when many events have come since.
export function markSteps(demo, { timeline: entries, phones: now }) {
  const lines = (key) => entries.filter((entry) => entry.phone === key && entry.name === demo.visit)
    .flatMap((entry) => entry.lines);
  const guest = lines('guest');
  const carts = Object.values(now).flatMap((phone) => Object.values(phone.carts));
  const held = guest.find((line) => line.outcome?.hint);
  const done = {
    'step-anna': lines('anna').some((line) => line.outcome?.tone === 'sent'),
    'step-guest': guest.some((line) => line.outcome?.tone === 'no'),
    'step-fallback': guest.some((line) => line.outcome?.tone === 'sent'),
    'step-map': entries.some((entry) => entry.phone && entry.name.startsWith('Place ')
      && entry.lines.some((line) => line.outcome?.tone === 'sent')),
    'step-carts': carts.some((cart) => cart.reminders.some((one) => one.state === 'sent')),
  };
  for (const [id, is] of Object.entries(done)) if (is) document.getElementById(id).classList.add('done');
  if (held) document.getElementById('fix-link').href = held.url;
}
