// "Show code" of your own phones: a phone and a visit of yours, from a script.

const USER = 'u42';
const NAME = 'Robin';
const DEVICE = { id: 'phone-of-u42', type: 'ios', token: 'token-of-u42' };

export function ownCode(demo) {
  return { 'Python': python(demo), 'Node': node(demo), 'curl': curl(demo) };
}

function python({ writeKey, publicUrl, visit, venue }) {
  return '# pip install segment-analytics-python\n'
    + 'import segment.analytics as analytics\n\n'
    + `analytics.write_key = "${writeKey}"\n`
    + `analytics.host = "${publicUrl}"\n\n`
    + `phone = {"id": "${DEVICE.id}", "type": "${DEVICE.type}", "token": "${DEVICE.token}"}\n`
    + `analytics.identify("${USER}", {"firstName": "${NAME}"}, context={"device": phone})\n`
    + `analytics.track("${USER}", "${visit}", {"venue": "${venue}"})\n`
    + 'analytics.flush()   # else it waits for a hundred of them, or half a second';
}

function node({ writeKey, publicUrl, visit, venue }) {
  return '// npm install @segment/analytics-node, and save this as visit.mjs\n'
    + "import { Analytics } from '@segment/analytics-node';\n\n"
    + `const analytics = new Analytics({ host: '${publicUrl}', writeKey: '${writeKey}' });\n`
    + `const device = { id: '${DEVICE.id}', type: '${DEVICE.type}', token: '${DEVICE.token}' };\n\n`
    + `analytics.identify({ userId: '${USER}', traits: { firstName: '${NAME}' }, context: { device } });\n`
    + `analytics.track({ userId: '${USER}', event: '${visit}', properties: { venue: '${venue}' } });\n`
    + 'await analytics.closeAndFlush();';
}

function curl({ writeKey, publicUrl, visit, venue }) {
  const calls = [
    { type: 'identify', userId: USER, traits: { firstName: NAME }, context: { device: DEVICE } },
    { type: 'track', userId: USER, event: visit, properties: { venue } },
  ];
  const lines = calls.map((call) => `  ${JSON.stringify(call)}`).join(',\n');
  return `curl -u ${writeKey}: ${publicUrl}/v1/batch \\\n`
    + `  -H 'Content-Type: application/json' -d '{"batch": [\n${lines}\n]}'`;
}
