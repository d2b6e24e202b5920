"""What the tests of all packages share: taps, targets and whole couplings at work on the sandbox."""
