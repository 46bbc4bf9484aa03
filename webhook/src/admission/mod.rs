//! AdmissionReview v1, to the letter: what the API server sends, what it must get back, and the seam to judges.
