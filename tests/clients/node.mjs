// Usage: node node.mjs HOST WRITE_KEY USER
import { Analytics } from '@segment/analytics-node'

const [host, writeKey, userId] = process.argv.slice(2)
const analytics = new Analytics({ host, writeKey })

analytics.identify({
  userId,
  traits: { firstName: 'Noor' },
  context: { device: { id: `phone-of-${userId}`, type: 'android', token: `ok:${userId}` } },
})
analytics.track({ userId, event: 'Open Day Attended', properties: { venue: 'Delft' } })
await analytics.closeAndFlush()
