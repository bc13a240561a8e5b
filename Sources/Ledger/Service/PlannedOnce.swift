extension [Int64] {
    /// The same ids, the last of them repeated where there are fewer than 16: for `= ANY (...)`,
    /// which they change nothing about.
    ///
    /// PostgreSQL expects 10 elements of an array that it does not know (selfuncs.c,
    /// `estimate_array_length`), and so takes each shorter one for worth a plan of its own, which
    /// it then makes anew every time, at several times the cost of running it. With 16 and more,
    /// the plan that is made once is the cheaper one by its own reckoning.
    var plannedOnce: [Int64] {
        guard let last, count < 16 else { return self }
        return self + Array(repeating: last, count: 16 - count)
    }
}
