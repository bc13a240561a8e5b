/// How the API asks for what it cannot see: its process, and the server before it.
package struct ProcessProbe: Sendable {
    let read: @Sendable () -> ProcessReading

    /// - Parameter read: called on an event loop at each scrape; it must not wait.
    package init(_ read: @escaping @Sendable () -> ProcessReading) {
        self.read = read
    }

    /// Where there is nobody to ask.
    package static let none = ProcessProbe { ProcessReading() }
}

/// What is known of the process at a moment; nil is left out of the metrics.
package struct ProcessReading: Sendable {
    var openConnections: Int?
    /// Seconds since the Unix epoch.
    var startTime: Double?
    var residentBytes: Int?
    var openDescriptors: Int?
    var cpuSeconds: Double?

    package init(
        openConnections: Int? = nil, startTime: Double? = nil, residentBytes: Int? = nil,
        openDescriptors: Int? = nil, cpuSeconds: Double? = nil
    ) {
        self.openConnections = openConnections
        self.startTime = startTime
        self.residentBytes = residentBytes
        self.openDescriptors = openDescriptors
        self.cpuSeconds = cpuSeconds
    }
}
