import HTTP
import Testing

/// SplitMix64: the same sequence on every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

@Suite struct MutationTests {
    /// Bytes that mean something to some state of the parser.
    private static let telling = Array("\r\n\r\n :;,=%/*09aFx\t\0\u{7F}ü".utf8)
    private static let corpus =
        AcceptedRow.all.map(\.bytes) + RefusedRow.all.map(\.bytes)
        + RefusedRow.smuggling.map(\.bytes)

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `anything at all is read or refused, the same however it is cut`(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        for _ in 0..<400 {
            let bytes = Self.mutant(using: &generator)
            let whole = Reading(Cutting.whole(bytes))
            let cut = Reading(Cutting.random(bytes, using: &generator))
            #expect(cut == whole, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }

    /// Two requests in a row with a few bytes changed, dropped, doubled or put in.
    private static func mutant(using generator: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<2 {
            bytes += corpus[Int.random(in: corpus.indices, using: &generator)]
        }
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let index = Int.random(in: bytes.indices, using: &generator)
            let byte = telling[Int.random(in: telling.indices, using: &generator)]
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes[index] = byte
            case 1: bytes.insert(byte, at: index)
            case 2 where bytes.count > 1: bytes.remove(at: index)
            case 3: bytes[index] = UInt8.random(in: 0...255, using: &generator)
            default: bytes.insert(contentsOf: bytes[index...].prefix(20), at: index)
            }
        }
        return bytes
    }
}
