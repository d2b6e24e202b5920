"""What the clients of Teamleader and Exact Online share: login, transport, throttle, clock and errors."""
