// Bundled for the browser test; the page calls window.attend(...).
import { AnalyticsBrowser } from '@segment/analytics-next'

window.attend = async (host, writeKey, userId) => {
  const [analytics] = await AnalyticsBrowser.load(
    { writeKey, cdnURL: host },
    { integrations: { 'Segment.io': { apiHost: `${host.split('://')[1]}/v1`, protocol: 'http' } } }
  )
  const context = { device: { id: `phone-of-${userId}`, type: 'web', token: `ok:${userId}` } }
  await analytics.identify(userId, { firstName: 'Wim' }, { context })
  await analytics.track('Open Day Attended', { venue: 'Leiden' }, { context })
}
