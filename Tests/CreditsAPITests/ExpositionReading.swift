/// Prometheus' text format, version 0.0.4, read more strictly than by Prometheus: a family has one
/// HELP and one TYPE before its samples, which stand together and name it.
struct ExpositionReading {
    struct Fault: Error {
        let line: String
        let what: String
    }

    struct Family {
        let name: String
        let help: String
        let kind: String
        var samples: [Sample] = []
    }

    struct Sample: Hashable {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    private(set) var families: [Family] = []

    init(_ text: String) throws(Fault) {
        guard text.hasSuffix("\n") else { throw Fault(line: "", what: "the last line is open") }
        var help: (name: String, text: String)?
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            let line = String(line)
            if let match = line.wholeMatch(of: /# HELP ([a-z_:][a-z0-9_:]*) (.+)/) {
                guard help == nil else { throw Fault(line: line, what: "a HELP without TYPE") }
                help = (String(match.1), String(match.2))
            } else if let match = line.wholeMatch(
                of: /# TYPE ([a-z_:][a-z0-9_:]*) (counter|gauge|histogram)/)
            {
                guard let told = help, told.name == match.1,
                    !families.contains(where: { $0.name == told.name })
                else { throw Fault(line: line, what: "a TYPE of another family") }
                families.append(
                    Family(name: told.name, help: told.text, kind: String(match.2)))
                help = nil
            } else {
                guard help == nil, var family = families.popLast() else {
                    throw Fault(line: line, what: "a sample without a family")
                }
                family.samples.append(try Self.sample(line, in: family))
                families.append(family)
            }
        }
    }

    private static func sample(_ line: String, in family: Family) throws(Fault) -> Sample {
        let pattern = /([a-z_:][a-z0-9_:]*)(?:\{([^{}]+)\})? (\S+)/
        guard let match = line.wholeMatch(of: pattern), let value = Double(String(match.3)) else {
            throw Fault(line: line, what: "no sample")
        }
        let suffixes = family.kind == "histogram" ? ["_bucket", "_sum", "_count"] : [""]
        guard suffixes.contains(where: { family.name + $0 == match.1 }) else {
            throw Fault(line: line, what: "a sample of another family")
        }
        var labels: [String: String] = [:]
        for pair in (match.2 ?? "").split(separator: ",") {
            guard let label = pair.wholeMatch(of: /([a-z_]+)="([^"\\\n]*)"/),
                labels.updateValue(String(label.2), forKey: String(label.1)) == nil
            else { throw Fault(line: line, what: "no label") }
        }
        let sample = Sample(name: String(match.1), labels: labels, value: value)
        guard !family.samples.contains(where: { $0.name == sample.name && $0.labels == labels })
        else { throw Fault(line: line, what: "a series stands twice") }
        return sample
    }

    func family(_ name: String) -> Family? { families.first { $0.name == name } }

    /// nil where there is no such series.
    func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        families.lazy.flatMap(\.samples).first { $0.name == name && $0.labels == labels }?.value
    }
}

extension ExpositionReading.Family {
    /// The buckets of each series, by its labels without `le`, in the order in which they stand.
    var buckets: [[String: String]: [(bound: Double, count: Double)]] {
        var series: [[String: String]: [(bound: Double, count: Double)]] = [:]
        for sample in samples where sample.name == name + "_bucket" {
            var labels = sample.labels
            guard let bound = labels.removeValue(forKey: "le").flatMap(Double.init) else {
                continue
            }
            series[labels, default: []].append((bound, sample.value))
        }
        return series
    }
}
