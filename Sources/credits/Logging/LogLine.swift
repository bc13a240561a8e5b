import Ledger
import Logging

/// One log event as one line of text, without the line feed. Pure: the time is passed in.
struct LogLine {
    let time: Timestamp
    let level: Logger.Level
    let label: String
    let message: String
    let metadata: Logger.Metadata

    /// `07:18:29.093 info  message  key=value`, for people.
    func pretty(colored: Bool) -> String {
        // HH:MM:SS.mmm out of 2026-11-22T07:18:29.093827Z.
        let clock = time.rfc3339.dropFirst(11).prefix(12)
        var line = Self.painted(String(clock), .dim, colored)
        line += " " + Self.painted(Self.levelName(level), Self.color(of: level), colored)
        line += " " + LogText.printable(message)
        if !metadata.isEmpty { line += " " }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            let text = LogText.printable("\(value)")
            let isPlain = !text.isEmpty && !text.contains { $0 == " " || $0 == "\"" || $0 == "=" }
            let shown = isPlain ? text : "\"" + text.replacing("\"", with: "\\\"") + "\""
            line += " " + Self.painted("\(key)=", .dim, colored) + shown
        }
        return line
    }

    /// `{"time":...,"level":...,"logger":...,"message":...}`, for machines. Metadata stand beside
    /// these members; one that has the name of such a member gets an underscore.
    var json: String {
        var line = "{\"time\":\"\(time.rfc3339)\",\"level\":\"\(level.rawValue)\",\"logger\":"
        LogText.append(label, asJSONTo: &line)
        line += ",\"message\":"
        LogText.append(message, asJSONTo: &line)
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line += ","
            LogText.append(Self.reserved.contains(key) ? key + "_" : key, asJSONTo: &line)
            line += ":"
            LogText.append(value, asJSONTo: &line)
        }
        return line + "}"
    }

    private static let reserved: Set<String> = ["time", "level", "logger", "message"]

    private static func levelName(_ level: Logger.Level) -> String {
        switch level {
        case .trace: "trace"
        case .debug: "debug"
        case .info: "info "
        case .notice: "note "
        case .warning: "warn "
        case .error: "error"
        case .critical: "crit "
        }
    }

    /// Codes of ECMA-48, Select Graphic Rendition.
    private enum Paint: String {
        case dim = "2"
        case blue = "34"
        case green = "32"
        case yellow = "33"
        case red = "31"
        case boldRed = "1;31"
    }

    private static func color(of level: Logger.Level) -> Paint {
        switch level {
        case .trace, .debug: .dim
        case .info: .green
        case .notice: .blue
        case .warning: .yellow
        case .error: .red
        case .critical: .boldRed
        }
    }

    private static func painted(_ text: String, _ paint: Paint, _ colored: Bool) -> String {
        colored ? "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m" : text
    }
}

/// Text that cannot break out of its line: what clients send ends up in the log, too.
enum LogText {
    private static let hex = Array("0123456789abcdef")

    /// Control characters as `\n` or `\u001b`, for terminals.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isControl(scalar) {
                appendEscape(scalar, to: &result)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A string by RFC 8259, section 7.
    static func append(_ text: String, asJSONTo line: inout String) {
        line += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": line += "\\\""
            case "\\": line += "\\\\"
            case _ where isControl(scalar): appendEscape(scalar, to: &line)
            default: line.unicodeScalars.append(scalar)
            }
        }
        line += "\""
    }

    static func append(_ value: Logger.Metadata.Value, asJSONTo line: inout String) {
        switch value {
        case .string(let text): append(text, asJSONTo: &line)
        case .stringConvertible(let number as any BinaryInteger): line += "\(number)"
        case .stringConvertible(let flag as Bool): line += "\(flag)"
        case .stringConvertible(let other): append("\(other)", asJSONTo: &line)
        case .array(let values):
            line += "["
            for (index, element) in values.enumerated() {
                if index > 0 { line += "," }
                append(element, asJSONTo: &line)
            }
            line += "]"
        case .dictionary(let members):
            line += "{"
            for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { line += "," }
                append(member.key, asJSONTo: &line)
                line += ":"
                append(member.value, asJSONTo: &line)
            }
            line += "}"
        }
    }

    /// C0, DEL, C1, and the separators that some readers take for ends of lines.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            || scalar.value == 0x2028 || scalar.value == 0x2029
    }

    private static func appendEscape(_ scalar: Unicode.Scalar, to text: inout String) {
        switch scalar {
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        default:
            text += "\\u"
            for shift in [12, 8, 4, 0] { text.append(hex[Int(scalar.value >> shift) & 0xF]) }
        }
    }
}
