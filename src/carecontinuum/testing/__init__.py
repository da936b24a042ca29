"""Checks for the tests of applications that extend the library."""
