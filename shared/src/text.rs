//! Text for people: control characters neutralised, ages, counts.
