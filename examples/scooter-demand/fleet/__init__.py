"""Training of one estimator for each district: a master fills a queue, workers drain it."""
