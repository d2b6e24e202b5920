"""HTTP client for the Teamleader Focus API: sign-in, pacing, paging and typed errors."""
