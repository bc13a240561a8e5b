/// Metrics as Prometheus reads them: its text exposition format, version 0.0.4.
///
/// A family is begun once, with its HELP and TYPE, and its samples follow it. Names and labels are
/// ours and hold nothing that would have to be escaped, but for values such as the version.
struct MetricsText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var bytes: [UInt8] = []
    private var family = ""

    typealias Label = (name: String, value: String)

    mutating func begin(_ family: MetricFamily) {
        self.family = family.rawValue
        let help = family.help
        bytes += "# HELP \(self.family) \(help)\n# TYPE \(self.family) \(family.kind)\n".utf8
    }

    mutating func add(_ value: Int, _ labels: [Label] = []) {
        line(labels: labels, value: String(value))
    }

    mutating func add(_ value: Double, _ labels: [Label] = []) {
        line(labels: labels, value: value.description)
    }

    /// - Parameters:
    ///   - bounds: what each bucket's upper bound is called.
    ///   - counts: of each bucket alone, with a last one for what is above all bounds.
    mutating func add(
        bounds: [String], counts: [Int], sum: String, _ labels: [Label] = []
    ) {
        var total = 0
        for (bound, count) in zip(bounds + ["+Inf"], counts) {
            total += count
            line("_bucket", labels: labels + [("le", bound)], value: String(total))
        }
        line("_sum", labels: labels, value: sum)
        line("_count", labels: labels, value: String(total))
    }

    private mutating func line(_ suffix: String = "", labels: [Label], value: String) {
        bytes += family.utf8
        bytes += suffix.utf8
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
            bytes += "{\(pairs.joined(separator: ","))}".utf8
        }
        bytes += " \(value)\n".utf8
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for character in value {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
        return text
    }
}
