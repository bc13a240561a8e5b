import HTTP
import Synchronization

/// The name of a request, by which its answer can be found again in the log. Kept as the bytes that
/// its field has; only a log line or an error makes a string of it.
struct RequestID: Sendable {
    static let lengths = 1...128

    let bytes: [UInt8]

    var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension RequestID {
    /// The client's own name; nil where it could do harm in a header, a log line or a shell.
    init?(client: ArraySlice<UInt8>) {
        guard Self.lengths.contains(client.count), client.allSatisfy(Self.isSafe) else {
            return nil
        }
        bytes = Array(client)
    }

    private static func isSafe(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: ":"), UInt8(ascii: "/"),
            UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: "@"):
            true
        default: false
        }
    }

    /// 32 digits.
    fileprivate init(_ first: UInt64, _ second: UInt64) {
        var digits = [UInt8](repeating: 0, count: 32)
        for index in 0..<16 {
            digits[index] = Self.digit(first, index)
            digits[16 + index] = Self.digit(second, index)
        }
        bytes = digits
    }

    private static func digit(_ word: UInt64, _ index: Int) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: word &>> UInt64(60 - 4 * index)) & 0xF
        return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }
}

/// Names requests that bring no name: 16 bytes in hexadecimal, eight of the process, drawn once,
/// and eight that a bijection (SplitMix64) makes of a counter, so that no two of a process are
/// equal and no request pays for randomness.
final class RequestIDs: Sendable {
    private let process: UInt64
    private let counter: Atomic<UInt64>

    init() {
        process = .random(in: .min ... .max)
        counter = Atomic(.random(in: .min ... .max))
    }

    func id(of fields: Fields?) -> RequestID {
        if let given = fields?.value(of: .requestID), let id = RequestID(client: given) {
            return id
        }
        let count = counter.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        return RequestID(process, Self.mixed(count))
    }

    private static func mixed(_ count: UInt64) -> UInt64 {
        var value = count
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
