"""Hosts, IP addresses, and the URLs that third parties may register."""
