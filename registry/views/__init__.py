"""The registry's pages: find through `visible_to`, call one action or query, answer."""
