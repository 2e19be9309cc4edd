"""What trainers and predictors share: rides, estimators, and the folder in which estimators are published."""
