"""From nothing to the first booked invoice: logins, what both sides hold, what is wrong, what would be booked."""
