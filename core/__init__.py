"""Greenroom's core: everything it knows how to do, without a page, a route or a command."""
