/// How a setting's text becomes a value, and back.
///
/// `parse` answers nil for text that is not of the kind; the message is then `expectation`, a noun
/// phrase that says what would be right. `format(parse(text))` is the one spelling that
/// `credits config` and `.env.example` show.
struct SettingKind<Value: Sendable>: Sendable {
    /// The word in angle brackets behind the flag.
    let placeholder: String
    /// "a whole number from 0 to 65535".
    let expectation: String
    let parse: @Sendable (String) -> Value?
    /// The canonical text, "" for a value that is not set.
    let format: @Sendable (Value) -> String
}

extension SettingKind where Value == String {
    static let host = SettingKind(
        placeholder: "host",
        expectation: "a host name or an IP address, such as 127.0.0.1, ::1 or 0.0.0.0",
        parse: { text in
            let allowed = text.utf8.allSatisfy {
                $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/")
            }
            return !text.isEmpty && text.utf8.count <= 255 && allowed ? text : nil
        },
        format: { $0 })

    static let path = SettingKind(
        placeholder: "path",
        expectation: "a path of at most 4096 bytes",
        parse: { !$0.isEmpty && $0.utf8.count <= 4096 && !$0.utf8.contains(0) ? $0 : nil },
        format: { $0 })

    static let databaseURL = SettingKind(
        placeholder: "url",
        expectation: "a PostgreSQL address, such as postgresql://user:password@host:5432/database",
        parse: { $0.isEmpty ? nil : $0 },
        format: { $0 })

    /// What fits behind `Authorization: Bearer ` as it is (RFC 6750, 2.1, a little wider).
    static let token = SettingKind(
        placeholder: "token",
        expectation: "1 to 512 visible ASCII characters without a space; `openssl rand -hex 32` "
            + "makes a good one",
        parse: { text in
            let isVisible = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            return (1...512).contains(text.utf8.count) && isVisible ? text : nil
        },
        format: { $0 })
}

extension SettingKind where Value == [String] {
    static let hosts = SettingKind(
        placeholder: "hosts",
        expectation: "host names without ports, separated by commas",
        parse: { text in
            let names = text.split(separator: ",").map { hostName(trimmed($0)) }
            return names.contains(nil) ? nil : names.compactMap { $0 }
        },
        format: { $0.joined(separator: ",") })

    /// nil also for what no Host would ever be equal to: they are compared without their ports, and
    /// a star stands for nothing.
    private static func hostName(_ text: String) -> String? {
        guard text.count(where: { $0 == ":" }) != 1, !text.contains(where: "*[]".contains) else {
            return nil
        }
        return SettingKind<String>.host.parse(text)
    }
}

extension SettingKind where Value == Int {
    static func integer(_ range: ClosedRange<Int>, placeholder: String = "number") -> Self {
        SettingKind(
            placeholder: placeholder,
            expectation: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            parse: { text in Int(text).flatMap { range.contains($0) ? $0 : nil } },
            format: { String($0) })
    }

    static let port = integer(0...65535, placeholder: "port")

    static func byteSize(_ range: ClosedRange<Int>) -> Self {
        let bounds = (ByteSize.text(range.lowerBound), ByteSize.text(range.upperBound))
        return SettingKind(
            placeholder: "size",
            expectation: "a size from \(bounds.0) to \(bounds.1): a whole number of B, KiB, MiB or "
                + "GiB, such as 64KiB",
            parse: { text in ByteSize.parse(text).flatMap { range.contains($0) ? $0 : nil } },
            format: { ByteSize.text($0) })
    }
}

extension SettingKind where Value == Duration {
    static func duration(_ range: ClosedRange<Duration>) -> Self {
        let bounds = (DurationText.text(range.lowerBound), DurationText.text(range.upperBound))
        return SettingKind(
            placeholder: "duration",
            expectation: "a duration from \(bounds.0) to \(bounds.1): a whole number of ms, s, m "
                + "or h, such as 30s",
            parse: { text in DurationText.parse(text).flatMap { range.contains($0) ? $0 : nil } },
            format: { DurationText.text($0) })
    }
}

extension SettingKind where Value == Bool {
    static let toggle = SettingKind(
        placeholder: "on|off",
        expectation: "on or off (true, false, yes, no, 1 and 0 are understood too)",
        parse: { text in
            switch text.lowercased() {
            case "on", "true", "yes", "1": true
            case "off", "false", "no", "0": false
            default: nil
            }
        },
        format: { $0 ? "on" : "off" })
}

extension SettingKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of an enumeration's raw values, in any letter case.
    static var choice: Self {
        let names = Value.allCases.map(\.rawValue)
        return SettingKind(
            placeholder: names.joined(separator: "|"),
            expectation: "one of " + names.joined(separator: ", "),
            parse: { text in Value(rawValue: text.lowercased()) },
            format: { $0.rawValue })
    }
}

extension SettingKind {
    /// The same kind for a setting that may be left out.
    static func optional<Wrapped>(_ kind: SettingKind<Wrapped>) -> Self where Value == Wrapped? {
        SettingKind(
            placeholder: kind.placeholder,
            expectation: kind.expectation,
            parse: { text in kind.parse(text).map(Optional.some) },
            format: { value in value.map(kind.format) ?? "" })
    }
}

/// Without the blanks around it: a word of a list.
func trimmed(_ word: Substring) -> String {
    String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
}
