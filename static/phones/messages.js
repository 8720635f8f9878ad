// What each phone says to the public API. The page posts it, and "Show code" shows it.

// The phones are where the browser is.
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC';
const APP = { name: 'Demo app', version: '1.0.0' };

export function visit(demo, phone, loggedIn) {
  const properties = { venue: demo.venue };
  return track(demo, phone, demo.visit, properties, loggedIn);
}

export function tap(demo, phone, pushId, loggedIn) {
  return track(demo, phone, demo.tap, { push_id: pushId }, loggedIn);
}

export function add(demo, phone, basket, cartId, loggedIn) {
  const properties = { cart_id: cartId, product: basket.product };
  return track(demo, phone, demo.added, properties, loggedIn);
}

export function buy(demo, phone, cartId, loggedIn) {
  return track(demo, phone, demo.bought, { cart_id: cartId }, loggedIn);
}

// As any event may, but this one says nothing else.
export function moved(demo, phone, location, loggedIn) {
  const request = track(demo, phone, demo.moved, {}, loggedIn);
  request.body.context.location = location;
  return request;
}

export function ownMoved(demo, phone, location) {
  const device = phone.installation_id && { device: { id: phone.installation_id } };
  const body = { ...who(phone), event: demo.moved, properties: {} };
  return { method: 'POST', path: '/v1/track', body: stamped({ ...body, context: { ...device, location } }) };
}

// Says nothing of language or time zone: those of the real app stand.
export function ownTap(demo, phone, pushId) {
  const device = phone.installation_id && { device: { id: phone.installation_id } };
  const body = { ...who(phone), event: demo.tap, properties: { push_id: pushId } };
  return { method: 'POST', path: '/v1/track', body: stamped({ ...body, context: { ...device } }) };
}

// A phone of nobody sends no device: what happened is then known from elsewhere, such as a till.
function track(demo, phone, event, properties, loggedIn) {
  const body = { ...who(phone), event, properties, context: context(phone, loggedIn) };
  return { method: 'POST', path: '/v1/track', body: stamped(body) };
}

// The first introduction of a phone always has the same id, so that the server counts it once.
export function logIn(demo, phone, messageId) {
  if (!phone.user_id) return register(phone);
  const body = { ...who(phone), traits: phone.traits, context: context(phone, true) };
  return { method: 'POST', path: '/v1/identify', body: stamped(body, messageId) };
}

function register(phone) {
  const { platform, token, anonymous_id } = phone;
  const body = { platform, token, anonymous_id, push_permission: 'granted' };
  return { method: 'PUT', path: devicePath(phone), body };
}

export function logOut(demo, phone) {
  return { method: 'DELETE', path: devicePath(phone) };
}

function devicePath(phone) {
  return `/v1/devices/${encodeURIComponent(phone.installation_id)}`;
}

function who(phone) {
  return phone.user_id ? { userId: phone.user_id } : { anonymousId: phone.anonymous_id };
}

function context(phone, loggedIn) {
  const known = { app: APP, locale: phone.locale, timezone: ZONE };
  if (!loggedIn) return known;
  const device = { id: phone.installation_id, type: phone.platform, token: phone.token };
  return { ...known, device: { ...device, model: phone.model } };
}

function stamped(body, messageId) {
  const now = new Date().toISOString();
  return { messageId: messageId ?? crypto.randomUUID(), ...body, timestamp: now, sentAt: now };
}
