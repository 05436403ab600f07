"""The steps of a build, and the processes that run them. The commands come in; it may import every other wing."""
