import HTTP
import Synchronization

/// Names every request, so that an answer can be found again in the log.
///
/// The client's own name is kept where it is harmless in a header, a log line and a shell. Ours is
/// 16 bytes in hexadecimal: eight of the process, drawn once, and eight that a bijection
/// (SplitMix64) makes of a counter, so that no two of a process are equal and no request pays for
/// randomness.
final class RequestID: Sendable {
    static let lengths = 1...128

    private let process: String
    private let counter: Atomic<UInt64>

    init(generator: inout some RandomNumberGenerator) {
        process = Self.hexadecimal(generator.next())
        counter = Atomic(generator.next())
    }

    convenience init() {
        var generator = SystemRandomNumberGenerator()
        self.init(generator: &generator)
    }

    func name(of fields: Fields?) -> String {
        if let given = fields?[.requestID], Self.isSafe(given) { return given }
        let count = counter.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        return process + Self.hexadecimal(Self.mixed(count))
    }

    static func isSafe(_ text: String) -> Bool {
        lengths.contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: ":"), UInt8(ascii: "/"),
                    UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: "@"):
                    true
                default: false
                }
            }
    }

    private static func mixed(_ count: UInt64) -> UInt64 {
        var value = count
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
