"""The phones page as a browser asks for it, and what its phones say."""

import json

from orchestrator.simulator.phones.cast import ADDED, BOUGHT, CARTS, CAST, TAP, VISIT

ANNA, BRAM, GUEST = CAST
PRODUCTS = {cart.key: cart.product for cart in CARTS}
IN_DELFT = {
    "version": 1,
    "combinator": "and",
    "not": False,
    "rules": [
        {"field": "event.properties.venue", "operator": "equals", "value": "Delft"},
        {"field": "event.properties.guests", "operator": "is_set", "value": None},
    ],
}


class Page:
    """What the browser asks the server."""

    def __init__(self, client):
        self.client = client

    def feed(self, after=0, own=()):
        answer = self.client.get("/phones/feed", {"after": after, "own": own})
        return json.loads(answer.content)

    def start_over(self):
        return json.loads(self.client.post("/phones/start-over").content)

    def skip_the_wait(self, phone):
        return json.loads(self.client.post("/phones/skip-the-wait", {"phone": phone}).content)

    def carts(self, member):
        return self.feed()["phones"][member.key]["carts"]


def who(member):
    kind, value = member.identity
    return {f"{kind}Id": value}


def context(member):
    device = {"id": member.installation_id, "type": member.platform, "token": member.token}
    return {"locale": member.locale, "device": device}


def hello(member):
    return {
        "type": "identify",
        "messageId": f"phones-hello-{member.key}",
        "traits": member.traits,
        "context": context(member),
        **who(member),
    }


def track(member, event=VISIT, message_id="m1", **properties):
    return {
        "type": "track",
        "messageId": f"{member.key}-{message_id}",
        "event": event,
        "properties": properties or {"venue": "Utrecht campus"},
        "context": context(member),
        **who(member),
    }


def filled(member, cart_id, **more):
    facts = {"cart_id": cart_id, "product": PRODUCTS[cart_id[:6]]}
    return {**track(member, ADDED, f"add-{cart_id}", **facts), **more}


def bought(member, cart_id, **more):
    return {**track(member, BOUGHT, f"buy-{cart_id}", cart_id=cart_id), **more}


def tapped(user, push, message_id):
    properties = {"push_id": push}
    return {"messageId": message_id, "userId": user, "event": TAP, "properties": properties}
