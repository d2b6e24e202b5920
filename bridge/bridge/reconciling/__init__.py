"""Reading both services and the store for a reconciliation. What comes of it is for `bridge.view.reconcile` to say."""
