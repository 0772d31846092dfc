"""The REST API: what all of it shares, and the endpoints of people, approvals and the trail."""
