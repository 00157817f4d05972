//! Properties of drawing, marking and review, on banks made up at random.
