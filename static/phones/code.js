// "Show code": the same thing from a terminal and from three kinds of app.

import { logIn, logOut, tap, visit } from './messages.js';

export class CodeDialog {
  constructor(demo) {
    this.demo = demo;
    this.dialog = document.getElementById('code');
    this.tabs = this.dialog.querySelector('.code-tabs');
    this.text = document.getElementById('code-text');
    this.copyButton = document.getElementById('copy');
    this.tabs.addEventListener('keydown', (event) => this.arrow(event));
    this.copyButton.addEventListener('click', () => this.copy());
  }

  open(title, snippets) {
    this.snippets = snippets;
    document.getElementById('code-title').textContent = title;
    const languages = Object.keys(snippets);
    this.tabs.replaceChildren(...languages.map((name, index) => this.tab(name, index)));
    this.choose(languages.includes(this.language) ? this.language : languages[0]);
    this.dialog.showModal();
  }

  tab(name, index) {
    const tab = document.createElement('button');
    tab.type = 'button';
    tab.id = `code-tab-${index}`;
    tab.textContent = name;
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-controls', 'code-panel');
    tab.addEventListener('click', () => this.choose(name));
    return tab;
  }

  choose(name) {
    this.language = name;
    this.text.textContent = this.snippets[name];
    this.copyButton.textContent = 'Copy';
    for (const tab of this.tabs.children) {
      const chosen = tab.textContent === name;
      tab.setAttribute('aria-selected', String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      if (chosen) document.getElementById('code-panel').setAttribute('aria-labelledby', tab.id);
    }
  }

  arrow(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const languages = Object.keys(this.snippets);
    const at = (languages.indexOf(this.language) + step + languages.length) % languages.length;
    this.choose(languages[at]);
    this.tabs.children[at].focus();
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.text.textContent);
      this.copyButton.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(this.text);
      this.copyButton.textContent = 'Selected: press Ctrl+C';
    }
  }
}

export function snippetsOf(demo, phone, what, out) {
  if (what === 'visit') return visitCode(demo, phone, !out);
  if (what === 'tap') return tapCode(demo, phone);
  if (out) return phone.user_id ? logInCode(demo, phone) : registerCode(demo, phone);
  return logOutCode(demo, phone);
}

export function curl(demo, { method, path, body }) {
  const verb = method === 'POST' ? '' : ` -X ${method}`;
  const address = `curl -u ${demo.writeKey}:${verb} ${demo.publicUrl}${path}`;
  if (!body) return address;
  const { messageId, timestamp, sentAt, ...shown } = body; // the server fills these in
  const lines = Object.entries(shown).map(([name, value]) => `  "${name}": ${inLine(value)}`);
  const json = `{\n${lines.join(',\n')}\n}`.replaceAll("'", "'\\''");
  return `${address} \\\n  -H 'Content-Type: application/json' -d '${json}'`;
}

// One level deep, a line each: a context has many parts.
function inLine(value) {
  if (typeof value !== 'object') return JSON.stringify(value);
  const parts = Object.entries(value).map(([name, part]) => `"${name}": ${JSON.stringify(part)}`);
  const line = `{${parts.join(', ')}}`;
  return line.length < 60 ? line : `{\n    ${parts.join(',\n    ')}\n  }`;
}

function visitCode(demo, phone, loggedIn) {
  const { visit: event, venue } = demo;
  return {
    'curl': curl(demo, visit(demo, phone, loggedIn)),
    'Swift': `analytics.track(name: "${event}", properties: ["venue": "${venue}"])\n`
      + 'analytics.flush()   // else the SDK holds it until there are 20, or for 30 s',
    'Kotlin': '// With flushAt = 1 beside apiHost: track() works in the background,\n'
      + '// and flush() may overtake it.\n'
      + `analytics.track("${event}", buildJsonObject { put("venue", "${venue}") })`,
    'React Native': `await analytics.track('${event}', { venue: '${venue}' });\n`
      + 'await analytics.flush();   // else the SDK holds it until there are 20, or for 30 s',
  };
}

function logInCode(demo, phone) {
  const { user_id: id, traits: { firstName: name } } = phone;
  return {
    'curl': curl(demo, logIn(demo, phone)),
    'Swift': `analytics.identify(userId: "${id}", traits: ["firstName": "${name}"])\n`
      + 'analytics.setDeviceToken(fcmToken)   // Firebase’s token, not Apple’s\n'
      + 'analytics.flush()',
    'Kotlin': 'analytics.setDeviceToken(fcmToken)   // FirebaseMessaging.getInstance().token\n'
      + `analytics.identify("${id}", buildJsonObject { put("firstName", "${name}") })`,
    'React Native': 'await analytics.context.set({ device: { token: await getToken(messaging) } });\n'
      + `await analytics.identify('${id}', { firstName: '${name}' });\n`
      + 'await analytics.flush();',
  };
}

function registerCode(demo, phone) {
  return {
    'curl': curl(demo, logIn(demo, phone)),
    'Swift': 'analytics.setDeviceToken(fcmToken)   // every later event carries it',
    'Kotlin': 'FirebaseMessaging.getInstance().token\n'
      + '    .addOnSuccessListener { token -> analytics.setDeviceToken(token) }',
    'React Native': 'await analytics.context.set({ device: { token: await getToken(messaging) } });',
  };
}

function logOutCode(demo, phone) {
  const { path } = logOut(demo, phone);
  const host = demo.publicUrl;
  return {
    'curl': curl(demo, logOut(demo, phone)),
    'Swift': 'defer { analytics.reset() }   // after DELETE, never before\n'
      + 'guard let id = UIDevice.current.identifierForVendor?.uuidString,\n'
      + `      let url = URL(string: "${host}/v1/devices/\\(id)") else { return }\n`
      + 'var request = URLRequest(url: url)\n'
      + 'request.httpMethod = "DELETE"\n'
      + `let key = Data("${demo.writeKey}:".utf8).base64EncodedString()\n`
      + 'request.setValue("Basic " + key, forHTTPHeaderField: "Authorization")\n'
      + '_ = try? await URLSession.shared.data(for: request)',
    'Kotlin': 'val id = analytics.storage.read(Storage.Constants.DeviceId)\n'
      + `val url = URL("${host.replace('localhost', '10.0.2.2')}/v1/devices/$id")\n`
      + 'val connection = url.openConnection() as HttpURLConnection\n'
      + 'connection.requestMethod = "DELETE"\n'
      + `val key = Base64.encodeToString("${demo.writeKey}:".toByteArray(), Base64.NO_WRAP)\n`
      + 'connection.setRequestProperty("Authorization", "Basic $key")\n'
      + 'connection.responseCode\n'
      + 'analytics.reset()   // after DELETE, never before',
    'React Native': `const headers = { Authorization: \`Basic \${btoa('${demo.writeKey}:')}\` };\n`
      + 'try {\n'
      + `  await fetch('${host}${path}', { method: 'DELETE', headers });\n`
      + '} finally {\n'
      + '  analytics.reset();   // after DELETE, never before\n'
      + '}',
  };
}

function tapCode(demo, phone) {
  return {
    'curl': curl(demo, tap(demo, phone, 'THE PUSH’S push_id', true)),
    'Swift': '// userNotificationCenter(_:didReceive:), also called when the tap starts the app\n'
      + 'let data = response.notification.request.content.userInfo\n'
      + 'guard let push = data["push_id"] as? String else { return }\n'
      + `analytics.track(name: "${demo.tap}", properties: ["push_id": push])\n`
      + 'analytics.flush()',
    'Kotlin': '// In onCreate and onNewIntent: the data of the push arrives as extras\n'
      + 'val push = intent.getStringExtra("push_id") ?: return\n'
      + 'intent.removeExtra("push_id")   // a rotation is not a second tap\n'
      + `analytics.track("${demo.tap}", buildJsonObject { put("push_id", push) })`,
    'React Native': 'async function tapped(message) {\n'
      + '  const push = message?.data?.push_id;\n'
      + '  if (!push) return;\n'
      + `  await analytics.track('${demo.tap}', { push_id: String(push) });\n`
      + '  await analytics.flush();\n'
      + '}\n\n'
      + 'getInitialNotification(messaging).then(tapped);   // the tap started the app\n'
      + 'onNotificationOpenedApp(messaging, tapped);',
  };
}
