// "Show code" of the map: telling a position.

import { curl } from './code.js';
import { moved } from './messages.js';

const FIX = { latitude: 52.3752, longitude: 4.8963, accuracy: 10, speed: 1.4 };

export function mapCode(demo, phone) {
  return {
    'curl': `${curl(demo, moved(demo, phone, FIX, true))}\n\n`
      + '# The stores near a position, for the phone’s own geofences\n'
      + curl(demo, {
        method: 'GET',
        path: `/v1/places/nearby?latitude=${FIX.latitude}&longitude=${FIX.longitude}&platform=ios`,
      }).replace(/(http\S+)$/, "'$1'"),
  };
}
