"""Getting a coupling to work: what both sides hold, what is wrong, what would be booked. Apart from the terminal."""
