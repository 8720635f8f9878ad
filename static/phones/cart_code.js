// "Show code" of the carts: filling one and buying it.

import { curl } from './code.js';
import { add, buy } from './messages.js';

export function cartCode(demo, phone, basket, loggedIn) {
  const cartId = `${basket.key}-1`;
  const facts = { cart_id: cartId, product: basket.product };
  return {
    'curl': '# Put something in the cart\n'
      + `${curl(demo, add(demo, phone, basket, cartId, loggedIn))}\n\n`
      + '# Buy that cart: the same cart_id\n'
      + curl(demo, buy(demo, phone, cartId, loggedIn)),
    'Swift': `analytics.track(name: "${demo.added}", properties: [\n`
      + `  "cart_id": "${facts.cart_id}", "product": "${facts.product}",\n`
      + '])\n'
      + `analytics.track(name: "${demo.bought}", properties: ["cart_id": "${facts.cart_id}"])\n`
      + 'analytics.flush()   // else the SDK holds them until there are 20, or for 30 s',
    'Kotlin': `analytics.track("${demo.added}", buildJsonObject {\n`
      + `  put("cart_id", "${facts.cart_id}")\n`
      + `  put("product", "${facts.product}")\n`
      + '})\n'
      + `analytics.track("${demo.bought}", buildJsonObject { put("cart_id", "${facts.cart_id}") })`,
    'React Native': `await analytics.track('${demo.added}', {\n`
      + `  cart_id: '${facts.cart_id}', product: '${facts.product}',\n`
      + '});\n'
      + `await analytics.track('${demo.bought}', { cart_id: '${facts.cart_id}' });\n`
      + 'await analytics.flush();   // else the SDK holds them until there are 20, or for 30 s',
  };
}
