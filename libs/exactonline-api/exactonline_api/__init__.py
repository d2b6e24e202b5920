"""HTTP client for the Exact Online REST API: sign-in, pacing, paging and typed errors."""
