extension [String?] {
    /// The same, or nothing where all is NULL: for one of several arrays in `unnest`, which fills a
    /// shorter one up with NULL.
    var sentIfAny: Self {
        contains { $0 != nil } ? self : []
    }
}
