"""Measuring the live, read and write paths beside a limit taken in the same run.

Server processes stand on one core, what loads them on the others, where there is more than one.
Seconds differ from machine to machine; what counts are the ratios.
"""
