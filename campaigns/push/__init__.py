"""From a push to FCM and back: the gateway, its FCM adapter, and what each error means."""
