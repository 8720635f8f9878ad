// Talking to the server: the public API as an app would, and the page's own feed.

export class Refused extends Error {}

export async function post(demo, request) {
  const headers = { Authorization: `Basic ${btoa(`${demo.writeKey}:`)}` };
  if (request.body) headers['Content-Type'] = 'application/json';
  const body = request.body && JSON.stringify(request.body);
  const answer = await fetch(request.path, { method: request.method, headers, body });
  const said = await answer.json().catch(() => ({}));
  const fault = said.error ?? said.rejected?.[0]?.error;
  if (fault) throw new Refused(`${fault.message}. ${fault.fix}.`);
  if (!answer.ok) throw new Refused(`The server answered ${answer.status}.`);
  return said;
}

export async function readFeed(cursor, ownPushes) {
  const asked = new URLSearchParams([['after', cursor], ...ownPushes.map((id) => ['own', id])]);
  const answer = await fetch(`/phones/feed?${asked}`, { cache: 'no-store' });
  if (!answer.ok) throw new Refused(`The server answered ${answer.status}.`);
  return answer.json();
}

// A form of the page itself, with its CSRF token.
export async function submit(form) {
  const answer = await fetch(form.action, { method: 'POST', body: new FormData(form) });
  if (!answer.ok) throw new Refused(`The server answered ${answer.status}.`);
  return answer.json();
}
