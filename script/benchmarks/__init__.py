"""What `script/bench` measures. Each figure is taken beside its limit, in the same run."""
