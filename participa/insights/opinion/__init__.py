"""Groups of opinion from votes. Pure; needs numpy and scipy, so never in a web process."""
