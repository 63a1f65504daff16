"""Clients and users: which values they may have, how a sheet of users is read, in what order people stand."""
